"""Our own five questions, published: not a validated measure, and in plain words of our own."""

from django.db import migrations
from django.utils import timezone

# link_id, question, hint, answers from the best to the hardest, scored in reverse
QUESTIONS = [
    (
        "energy",
        "How much energy have you had for work lately?",
        "",
        ["Plenty", "Enough", "Some", "Not much", "Hardly any"],
        False,
    ),
    (
        "support",
        "How well supported do you feel in your role?",
        "By anybody at work: your team, your supervisors, other peer workers.",
        ["Very well", "Well", "In between", "Not well", "Not at all"],
        False,
    ),
    (
        "load",
        "How heavy is what you are carrying at work?",
        "How much there is, and how hard it is.",
        ["Light", "Comfortable", "A lot, and all right", "Heavy", "Too heavy"],
        True,
    ),
    (
        "own_story",
        "Is it up to you what you share of your own story at work?",
        "",
        ["Always", "Mostly", "Sometimes", "Seldom", "Hardly ever"],
        False,
    ),
    (
        "belonging",
        "Do you feel that you belong where you work?",
        "",
        ["Very much", "Mostly", "Somewhat", "A little", "Not at all"],
        False,
    ),
]
LINE = {
    "link_id": "line",
    "text": "Is there anything you would like to add?",
    "kind": "short_text",
    "hint": "A few words, only if you like.",
    "max_length": 300,
}


def _question(link_id: str, text: str, hint: str, answers: list[str], reverse: bool) -> dict:
    """The best answer scores 5, and the hardest 1; in reverse it is the heaviest that says 5."""
    scores = range(1, 6) if reverse else range(5, 0, -1)
    options = [
        {"code": str(score), "text": answer, "score": str(score)}
        for score, answer in zip(scores, answers, strict=True)
    ]
    options[-1]["low"] = True
    item = {"link_id": link_id, "text": text, "kind": "scale", "options": options}
    return item | ({"hint": hint} if hint else {}) | ({"reverse": True} if reverse else {})


DOCUMENT = {
    "title": "Check-in",
    "description": (
        "Five short questions about how work is for you, and a line of your own. Leave out any that "
        "you do not want to answer. They are our own words and not a validated measure: they are "
        "for you, and say nothing about your health."
    ),
    "items": [*(_question(*one) for one in QUESTIONS), LINE],
    "scales": [
        {
            "key": "check_in",
            "name": "Check-in",
            "items": [link_id for link_id, *_ in QUESTIONS],
            "method": "mean",
            "needed": 4,
        }
    ],
}


def add_check_in(apps, schema_editor) -> None:
    questionnaire = apps.get_model("questionnaires", "Questionnaire").objects.create(
        key="check-in", name="Check-in"
    )
    apps.get_model("questionnaires", "QuestionnaireVersion").objects.create(
        questionnaire=questionnaire, number=1, document=DOCUMENT, published_at=timezone.now()
    )


class Migration(migrations.Migration):
    dependencies = [("questionnaires", "0001_questionnaires")]
    operations = [migrations.RunPython(add_check_in, migrations.RunPython.noop)]
