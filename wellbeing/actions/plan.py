"""What a worker does with their wellness plan. Nobody does it for them."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from accounts.models import User
from programme.actions.saving import NotSaved, change, check, locked, remove, writing
from programme.models import Person
from wellbeing.colleagues import to_choose_from
from wellbeing.models import PlanDraft, PlanHeading, PlanSection, PlanShare, WellnessPlan

TYPED_KEPT = dt.timedelta(days=60)
LONGEST_SHARE = dt.timedelta(days=2 * 365)
NOT_OFFERED = "Choose somebody from the list."
NOTHING_CHOSEN = "Choose at least one part, or your adjustments"
PAST = "Choose today or a day to come"
TOO_LONG = "Choose a day within two years; you can share it again then"


def _require_own(by: User, person: Person) -> None:
    if person.user_id != by.pk:
        raise PermissionDenied("This belongs to somebody else.")


def begin(*, person: Person, by: User) -> WellnessPlan:
    """Begin a plan with every heading empty, once however often it is sent."""
    _require_own(by, person)
    with writing(by):
        locked(person)
        if there := WellnessPlan.objects.of(person).first():
            return there
        plan = WellnessPlan.objects.create(person=person, account=by)
        PlanSection.objects.bulk_create(
            PlanSection(plan=plan, heading=heading, position=position)
            for position, heading in enumerate(PlanHeading.values, start=1)
        )
    return plan


def write(*, section: PlanSection, by: User, version: str, words: str) -> PlanSection:
    """Write under one heading, if it is still what was read; what was typed before is gone.

    Raises:
        ChangedMeanwhile: something else was written on another device.
    """
    _require_own(by, section.plan.person)
    with writing(by):
        saved = change(section, by=by, version=version, values={"words": words})
        PlanDraft.objects.filter(section=section).delete()
    return saved


def keep_typed(*, section: PlanSection, by: User, words: str, at: dt.datetime) -> PlanDraft | None:
    """Keep what is typed in place of what was typed before; none where it is what is saved."""
    _require_own(by, section.plan.person)
    with writing(by):
        if locked(section).words == words:
            PlanDraft.objects.filter(section=section).delete()
            return None
        draft = PlanDraft(section=section, words=words, kept_at=at)
        draft.save()
    return draft


def forget_typed(*, section: PlanSection, by: User) -> None:
    """Delete what is typed and not saved; what is saved stays."""
    _require_own(by, section.plan.person)
    with writing(by):
        PlanDraft.objects.filter(section=section).delete()


def drop_typed(at: dt.datetime) -> None:
    """What nobody typed in for two months and never saved is kept no longer."""
    PlanDraft.objects.filter(kept_at__lt=at - TYPED_KEPT).delete()


def review_on(*, plan: WellnessPlan, by: User, version: str, day: dt.date | None) -> WellnessPlan:
    """Say when one wants to look at it again.

    Raises:
        ChangedMeanwhile: another day was set on another device.
    """
    _require_own(by, plan.person)
    return change(plan, by=by, version=version, values={"review_on": day})


def throw_away(*, plan: WellnessPlan, by: User) -> None:
    """Delete a plan and everything shared of it for good; nothing is kept."""
    _require_own(by, plan.person)
    remove(plan, by=by)


# --- Who reads it ---------------------------------------------------------------------------------


def share(
    *,
    plan: WellnessPlan,
    by: User,
    reader: User,
    day: dt.date,
    sections: Iterable[PlanSection],
    adjustments: bool,
    purpose: str,
    until: dt.date,
) -> PlanShare:
    """Let somebody read some parts until a day; once more with the same person changes it.

    Raises:
        NotSaved: they cannot be chosen, nothing is chosen, or the day does not fit.
    """
    _require_own(by, plan.person)
    chosen = list(sections)
    if not (chosen or adjustments):
        raise NotSaved({"sections": [NOTHING_CHOSEN]})
    if until < day or until > day + LONGEST_SHARE:
        raise NotSaved({"until": [PAST if until < day else TOO_LONG]})
    with writing(by):
        locked(plan)
        there = PlanShare.objects.filter(plan=plan, reader=reader).first()
        if there is None and not to_choose_from(plan.person, day).filter(pk=reader.pk).exists():
            raise NotSaved({"reader": [NOT_OFFERED]})
        shared = there or PlanShare(plan=plan, reader=reader, shared_on=day)
        shared.adjustments, shared.purpose, shared.until = adjustments, purpose, until
        if there is None:
            check(shared)
        shared.save()
        shared.sections.set(chosen)
    return shared


def take_back(*, share: PlanShare, by: User) -> None:
    """Nobody reads anything through this share from this moment on."""
    _require_own(by, share.plan.person)
    remove(share, by=by)
