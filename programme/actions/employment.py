"""What a lead records of a spell in post while it lasts: probation, long breaks, moves."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Max

from accounts.models import User
from programme.actions.saving import (
    ChangedMeanwhile,
    NotSaved,
    add,
    change,
    check,
    locked,
    remove,
    require_site,
    require_somebody_else,
    version_of,
    writing,
)
from programme.models import (
    BreakKind,
    CareerBreak,
    Post,
    ProbationReview,
    ReviewOutcome,
    Spell,
)
from programme.probation import reviews_until

FINAL_OUTCOMES = {ReviewOutcome.PASSED, ReviewOutcome.EXTENDED, ReviewOutcome.NOT_CONFIRMED}
EARLIER_OUTCOMES = {ReviewOutcome.ON_TRACK, ReviewOutcome.NOT_CONFIRMED}


def foresee_reviews(spell: Spell) -> None:
    """Lay out anew the reviews of a spell that are not held yet, after the last that is."""
    spell.reviews.filter(held_on__isnull=True).delete()
    held = spell.reviews.aggregate(last=Max("due_on"))["last"]
    if spell.probation_ends_on is None or _is_decided(spell):
        return
    ProbationReview.objects.bulk_create(
        ProbationReview(spell=spell, **review._asdict())
        for review in reviews_until(spell.started_on, spell.probation_ends_on)
        if held is None or review.due_on > held
    )


def _is_decided(spell: Spell) -> bool:
    decided = [ReviewOutcome.PASSED, ReviewOutcome.NOT_CONFIRMED]
    return spell.reviews.filter(outcome__in=decided).exists()


def record_review(
    *,
    review: ProbationReview,
    by: User,
    version: str,
    held_on: dt.date,
    outcome: str,
    extended_to: dt.date | None = None,
) -> ProbationReview:
    """Record that a review was held, and what follows from it; never one's own.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    spell = review.spell
    require_site(by, spell.post.team.site)
    require_somebody_else(by, spell.person)
    if outcome not in (FINAL_OUTCOMES if review.is_final else EARLIER_OUTCOMES):
        raise NotSaved({"outcome": ["Choose an outcome of this review."]})
    if held_on < spell.started_on:
        raise NotSaved({"held_on": ["A review cannot be held before the first day in post."]})
    extends = outcome == ReviewOutcome.EXTENDED
    if extends and (extended_to is None or extended_to <= max(review.due_on, held_on)):
        raise NotSaved({"extended_to": ["Give a new end of probation after this review."]})
    with writing(by):
        spell = locked(spell)
        review = change(
            review, by=by, version=version, values={"held_on": held_on, "outcome": outcome}
        )
        if extends and spell.probation_ends_on != extended_to:
            spell.probation_ends_on = extended_to
            spell.save(update_fields=["probation_ends_on"])
        foresee_reviews(spell)
    return review


def add_break(
    *, spell: Spell, by: User, kind: str, starts_on: dt.date, ends_on: dt.date | None
) -> CareerBreak:
    """Record a long break; the person stays in post.

    Raises:
        NotSaved: it does not lie within the spell, another break holds then, or it is one's own.
        NotYours: the post is not at one of the lead's sites.
    """
    require_site(by, spell.post.team.site)
    require_somebody_else(by, spell.person)
    with writing(by):
        spell = locked(spell)
        _lies_within(spell, starts_on, ends_on)
        pause = CareerBreak(spell=spell, kind=kind, starts_on=starts_on, ends_on=ends_on)
        return add(pause, by=by)


def change_break(*, pause: CareerBreak, by: User, version: str, **values) -> CareerBreak:
    """Change a break, or record the first day back; never one's own.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, pause.spell.post.team.site)
    require_somebody_else(by, pause.spell.person)
    with writing(by):
        spell = locked(pause.spell)
        starts_on = values.get("starts_on", pause.starts_on)
        _lies_within(spell, starts_on, values.get("ends_on", pause.ends_on))
        return change(pause, by=by, version=version, values=values)


def remove_break(*, pause: CareerBreak, by: User) -> None:
    """Take back a break that was recorded by mistake; its history stays.

    Raises:
        NotSaved: it is one's own.
        NotYours: the post is not at one of the lead's sites.
    """
    require_site(by, pause.spell.post.team.site)
    require_somebody_else(by, pause.spell.person)
    remove(pause, by=by)


def _lies_within(spell: Spell, starts_on: dt.date, ends_on: dt.date | None) -> None:
    if starts_on < spell.started_on:
        raise NotSaved({"starts_on": ["A break cannot start before the first day in post."]})
    if spell.ended_on and starts_on >= spell.ended_on:
        raise NotSaved({"starts_on": ["The post ended before this break."]})
    if spell.ended_on and ends_on and ends_on > spell.ended_on:
        raise NotSaved({"ends_on": ["The post ended before this break does."]})


def move(*, spell: Spell, by: User, version: str, post: Post, on: dt.date, **details) -> Spell:
    """End one spell and start the next on the same day, so that both are one stay; never one's own.

    The contract, an unfinished probation and a break that holds on the day move along.

    Args:
        details: hours, role title and step of the next spell, by the names of its fields.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, spell.post.team.site)
    require_site(by, post.team.site)
    require_somebody_else(by, spell.person)
    with writing(by):
        locked(spell.person)
        old = locked(spell)
        if done := _moved_already(old, post, on):
            return done
        _may_move(old, version, post, on)
        old.ended_on = on
        check(old)
        old.save(update_fields=["ended_on"])
        new = Spell(person=old.person, post=post, started_on=on, **_contract(old, on), **details)
        check(new)
        new.save(force_insert=True)
        _take_along(old, new)
    return new


def _contract(old: Spell, on: dt.date) -> dict:
    """The contract that goes on after a day; a fixed term that has run out does not."""
    if old.contract_ends_on and old.contract_ends_on <= on:
        return {}
    return {"contract": old.contract, "contract_ends_on": old.contract_ends_on}


def _moved_already(old: Spell, post: Post, on: dt.date) -> Spell | None:
    """The spell that the same move made before."""
    if old.ended_on != on:
        return None
    return Spell.objects.filter(person=old.person_id, post=post, started_on=on).first()


def _may_move(old: Spell, version: str, post: Post, on: dt.date) -> None:
    if version_of(old) != version:
        raise ChangedMeanwhile(old)
    if old.ended_on is not None:
        raise NotSaved({NON_FIELD_ERRORS: ["This post has an end already."]})
    if on <= old.started_on:
        raise NotSaved({"on": ["The move must come after the first day in the present post."]})
    if post.pk == old.post_id:
        raise NotSaved({"post": ["Choose another post than the present one."]})


def _take_along(old: Spell, new: Spell) -> None:
    """Reviews still to come, and a break that holds on the day of the move."""
    if old.reviews.filter(held_on__isnull=True).exists():
        new.probation_ends_on = max(old.probation_ends_on, new.started_on + dt.timedelta(1))
        new.save(update_fields=["probation_ends_on"])
        old.reviews.filter(held_on__isnull=True).update(spell=new)
    old.breaks.filter(starts_on__gte=new.started_on).update(spell=new)
    for pause in old.breaks.on(new.started_on):
        kind, ends_on = pause.kind, pause.ends_on
        pause.ends_on = new.started_on
        pause.save(update_fields=["ends_on"])
        CareerBreak.objects.create(
            spell=new, kind=BreakKind(kind), starts_on=new.started_on, ends_on=ends_on
        )
