"""What is done to questionnaires: drafts, publishing, retiring. Published versions never change."""

import datetime as dt

from django.utils.text import slugify

from accounts.models import User
from programme.actions import saving
from programme.actions.saving import NotSaved
from questionnaires.definition import Definition, everything, written
from questionnaires.models import CHECK_IN, Questionnaire, QuestionnaireVersion

CHECK_IN_STAYS = "Check-ins ask this one, so it stays. You can publish another version of it."
SLOTS = "Some words are still to be filled in: {}. Publish it when they are."


def add_questionnaire(
    *, name: str, definition: Definition, by: User, key: str = ""
) -> QuestionnaireVersion:
    """Begin a questionnaire with its first draft.

    Raises:
        NotSaved: there is one of this name.
    """
    with saving.writing(by):
        questionnaire = Questionnaire(name=name, key=_free_key(key or slugify(name)))
        saving.check(questionnaire)
        questionnaire.save(force_insert=True)
        return add_draft(questionnaire=questionnaire, definition=definition, by=by)


def _free_key(wanted: str) -> str:
    """A key that no questionnaire has: the one wanted, or with a number after it."""
    wanted = wanted[:50] or "questionnaire"
    taken = set(Questionnaire.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    numbered = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(key for key in (wanted, *numbered) if key not in taken)


def add_draft(
    *, questionnaire: Questionnaire, definition: Definition, by: User
) -> QuestionnaireVersion:
    """Begin the next version of a questionnaire.

    Raises:
        NotSaved: there is a draft already.
    """
    with saving.writing(by):
        saving.locked(questionnaire)
        before = questionnaire.versions.order_by("-number").first()
        number = before.number + 1 if before else 1
        draft = QuestionnaireVersion(
            questionnaire=questionnaire, number=number, document=written(definition)
        )
        saving.check(draft)
        draft.save(force_insert=True)
        return draft


def change_draft(
    *, draft: QuestionnaireVersion, definition: Definition, by: User, version: str
) -> QuestionnaireVersion:
    """Give a draft other words or another scoring.

    Raises:
        ChangedMeanwhile: somebody else did so since it was read.
        NotSaved: it is published.
    """
    values = {"document": written(definition)}
    return saving.change(draft, by=by, version=version, values=values)


def publish(
    *, draft: QuestionnaireVersion, by: User, at: dt.datetime, version: str
) -> QuestionnaireVersion:
    """Publish a draft as it was read: from now on it never changes.

    Raises:
        ChangedMeanwhile: it was changed since.
        NotSaved: words are still to be filled in, or it is published already.
    """
    slots = [item.text for item in everything(draft.definition.items) if item.slot]
    if slots:
        listed = ", ".join(f"“{text}”" for text in slots[:5])
        raise NotSaved({"__all__": [SLOTS.format(listed + (" …" if len(slots) > 5 else ""))]})
    values = {"published_at": at, "published_by": by}
    return saving.change(draft, by=by, version=version, values=values)


def discard(*, draft: QuestionnaireVersion, by: User) -> None:
    """Take a draft away; with it goes a questionnaire of which nothing was ever published.

    Raises:
        NotSaved: it is published.
    """
    with saving.writing(by):
        draft.delete()
        questionnaire = saving.locked(draft.questionnaire)
        if not questionnaire.versions.exists():
            questionnaire.delete()


def retire(*, questionnaire: Questionnaire, by: User, on: dt.date | None) -> Questionnaire:
    """Ask it no more from a day on; without a day, ask it again. Answers stay.

    Raises:
        NotSaved: it is the check-in, which workers are asked in a rhythm of their own.
    """
    if on and questionnaire.key == CHECK_IN:
        raise NotSaved({"__all__": [CHECK_IN_STAYS]})
    with saving.writing(by):
        current = saving.locked(questionnaire)
        current.retired_on = on
        current.save(update_fields=["retired_on"])
        return current
