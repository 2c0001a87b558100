"""What a page says once, after something was done, is kept in the browser until it is shown: it
names nobody, for the next person at that browser may be somebody else."""

import ast
from pathlib import Path

from django.conf import settings

LEVELS = {"add_message", "debug", "error", "info", "success", "warning"}
APPS = ("accounts", "notifications", "programme", "questionnaires", "supervision", "wellbeing")
# What is written into these words, by file: things, numbers and days, and never somebody's name.
WRITTEN_INTO = {
    "accounts/adapters.py": {"last.message"},  # said before, and read here too
    "accounts/allauth_urls.py": {"MFAAdapter.error_messages['cannot_delete_authenticator']"},
    "accounts/views/sites.py": {"form.instance.name"},  # a site
    "programme/views/apply.py": {"MOST_A_DAY"},
    "programme/views/applicant.py": {"back.stage"},
    "programme/views/applicants.py": {"given['to']", "problem", "refusal", "who"},
    "programme/views/completion.py": {"cohort"},
    "programme/views/duplicates.py": {"len(begun)", "to"},
    "programme/views/employment.py": {"moved.title"},
    "programme/views/hiring.py": {"missing"},
    "programme/views/imports.py": {"job.file_name"},
    "programme/views/pathways.py": {"pathway"},
    "programme/views/posts.py": {"post", "post.funded_wte", "post.known_wte", "post.title"},
    "programme/views/reasons.py": {"reason"},
    "programme/views/requirements.py": {"len(new)", "people"},  # "person" or "people"
    "programme/views/slots.py": {"added", "in_words(slot)"},
    "programme/views/spells.py": {"spell.post"},
    "programme/views/teams.py": {"'; '.join(wanting)", "employer", "team"},
    "programme/views/training.py": {"cohort"},
    "programme/views/training_programmes.py": {"made"},
    "programme/views/training_sessions.py": {"len(made)"},
    "questionnaires/views/drafts.py": {"draft.questionnaire", "refused"},
    "questionnaires/views/lists.py": {"found"},
    "supervision/views/records.py": {"CHANGED"},
    "supervision/views/sessions.py": {"actions.BEGUN", "ended", "refusal"},
    "supervision/views/shared.py": {"'Done.' if done else 'Open again.'"},
    "wellbeing/views/checkins.py": {"NO_COPY", "_long(until)", "number", "when"},
    "wellbeing/views/support.py": {"contact.name"},  # a help line, which everybody can read
}
# Words that are made elsewhere: of what was refused, or one of a few that stand in the same view.
MADE_ELSEWHERE = {"done", "str(error)", "str(refusal)", "words", "UNKNOWN"}


def said() -> dict[str, set[str]]:
    """What is written into the words of every message of every app, by file."""
    found: dict[str, set[str]] = {}
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for words in _messages(path):
                file = str(path.relative_to(settings.BASE_DIR))
                found.setdefault(file, set()).update(_parts(words))
    return {file: parts for file, parts in found.items() if parts}


def _messages(path: Path) -> list[ast.expr]:
    return [
        call.args[-1]
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in LEVELS
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "messages"
    ]


def _parts(words: ast.expr) -> set[str]:
    if isinstance(words, ast.Constant):
        return set()
    parts = [one.value for one in ast.walk(words) if isinstance(one, ast.FormattedValue)]
    return {ast.unparse(one) for one in parts or [words]} - MADE_ELSEWHERE


def test_no_message_names_a_person():
    assert said() == WRITTEN_INTO
