"""What a lead does with posts and the spells people spend in them."""

import datetime as dt
from decimal import Decimal

from accounts.models import User
from programme.actions.employment import foresee_reviews
from programme.actions.saving import (
    add,
    change,
    locked,
    remove,
    require_site,
    require_somebody_else,
    writing,
)
from programme.models import Employer, Funding, Person, Post, Spell, Team


def add_post(
    *,
    by: User,
    title: str,
    team: Team,
    employer: Employer,
    band: str,
    funded_wte: Decimal | None,
    funding_starts_on: dt.date | None = None,
    funding_ends_on: dt.date | None = None,
) -> Post:
    """Add a post to a team, with its first funding where anything of it is known.

    Raises:
        NotSaved: the team has one with this title from this employer.
        NotYours: the team is not at one of the lead's sites.
    """
    require_site(by, team.site)
    post = Post(title=title, team=team, employer=employer, band=band)
    period = {"starts_on": funding_starts_on, "ends_on": funding_ends_on}
    with writing(by):
        saved = add(post, by=by)
        if saved is post and (funded_wte, *period.values()) != (None, None, None):
            add(Funding(post=post, wte=funded_wte, **period), by=by)
        return saved


def change_post(*, post: Post, by: User, version: str, **values) -> Post:
    """Change what a post is called or where it is.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, post.team.site)
    require_site(by, values.get("team", post.team).site)
    return change(post, by=by, version=version, values=values)


def add_funding(
    *,
    post: Post,
    by: User,
    wte: Decimal | None,
    starts_on: dt.date | None,
    ends_on: dt.date | None,
) -> Funding:
    """Record what a post is funded for from a day on: what held on that day ends with it.

    Raises:
        NotSaved: funding that begins later holds over that period.
        NotYours: the post is not at one of the lead's sites.
    """
    require_site(by, post.team.site)
    with writing(by):
        locked(post)  # two changes at once queue here
        funding = Funding(post=post, wte=wte, starts_on=starts_on, ends_on=ends_on)
        before = post.funding.on(starts_on).exclude(starts_on=starts_on) if starts_on else None
        for earlier in before or ():
            earlier.ends_on = starts_on
            earlier.save(update_fields=["ends_on"])
        return add(funding, by=by)


def change_funding(*, funding: Funding, by: User, version: str, **values) -> Funding:
    """Correct a funding, or record when it ends.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, funding.post.team.site)
    return change(funding, by=by, version=version, values=values)


def remove_funding(*, funding: Funding, by: User) -> None:
    """Take back a funding that was recorded by mistake; its history stays.

    Raises:
        NotYours: the post is not at one of the lead's sites.
    """
    require_site(by, funding.post.team.site)
    remove(funding, by=by)


def add_spell(*, person: Person, by: User, post: Post, started_on: dt.date, **details) -> Spell:
    """Record that a person is, was or will be in a post.

    More hours than the post is funded for are allowed: the page shows them. With an end of
    probation, its reviews are foreseen.

    Args:
        details: other fields of a spell, by name.

    Raises:
        NotSaved: the person is in this post over that period, the dates contradict each other, or
            the person is the user.
        NotYours: the post is not at one of the lead's sites.
    """
    require_site(by, post.team.site)
    require_somebody_else(by, person)
    spell = Spell(person=person, post=post, started_on=started_on, **details)
    with writing(by):
        locked(person)  # two saves at once queue here, so that the second one sees the first
        saved = add(spell, by=by)
        if saved is spell:
            foresee_reviews(spell)
        return saved


def change_spell(*, spell: Spell, by: User, version: str, **values) -> Spell:
    """Correct a spell in post, or record how it ended; never one's own.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, spell.post.team.site)
    require_site(by, values.get("post", spell.post).team.site)
    require_somebody_else(by, spell.person)
    with writing(by):
        locked(spell.person)
        before = (spell.started_on, spell.probation_ends_on)
        saved = change(spell, by=by, version=version, values=values)
        if (saved.started_on, saved.probation_ends_on) != before:
            foresee_reviews(saved)
        return saved


def remove_spell(*, spell: Spell, by: User) -> None:
    """Take back a spell that was recorded by mistake; its history stays.

    Raises:
        NotSaved: it is one's own.
        NotYours: the post is not at one of the lead's sites.
    """
    require_site(by, spell.post.team.site)
    require_somebody_else(by, spell.person)
    remove(spell, by=by)
