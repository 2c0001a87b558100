"""What a row says about a spell in post.

A spell is found again by person, post and first day. Where the row leaves out the team, site or
employer, or the records say “Not stated” for it, the person's own spells decide: a sheet with more
or fewer columns than the last one finds the same spell and never makes a second.
"""

import datetime as dt
import uuid

from programme.imports.book import Draft, Effect, Record, Refused, key, listed, shown
from programme.imports.columns import COLUMNS
from programme.imports.places import NOT_STATED, Setting, name_of, post_names, post_of

OF_SPELL = ("band", "contracted_hours", "started_on", "ended_on", "leaving_reason", "destination")
PLACE = ("team", "site", "employer")
OWN = "This is your own time in post: somebody else records it."


def work(draft: Draft, setting: Setting, person: Record, site: Record | None) -> None:
    """The spell in post that a row gives, if any."""
    if draft.value("post") is None:
        _without_post(draft)
        return
    if draft.value("started_on") is None:
        raise Refused("started_on", "Say when they started in this post.")
    spell = _same(draft, person)
    if spell is None:
        spell = _add(draft, setting, person, site)
    elif _states_more(draft, spell):
        _move(draft, spell, post_of(draft, setting, site))
    _check(draft, spell)
    _say(draft, spell)
    _not_own(draft, spell)


def _not_own(draft: Draft, spell: Record) -> None:
    """Nobody records their own time in post; a row that changes nothing of it is read."""
    changed = spell.is_new or any(record is spell for record, _, _ in draft.changes)
    if changed and spell.fields["person_id"] in draft.book.own:
        raise Refused("post", OWN)


def _without_post(draft: Draft) -> None:
    if given := draft.given(*OF_SPELL):
        labels = listed(COLUMNS[column].label.lower() for column in given)
        raise Refused("post", f"Say which post this is about: the row gives {labels}.")
    for column in draft.given("team", "employer"):
        draft.note(column, "Not used: the row names no post.")


def _fit(draft: Draft, spell: Record) -> str:
    """How a recorded spell fits the row's post: `same`, `open` (as far as is stated) or `other`."""
    names = post_names(draft.record, draft.record(spell.fields["post_id"]))
    if key(names["post"]) != key(draft.value("post")):
        return "other"
    differing = [name for name in draft.given(*PLACE) if key(names[name]) != key(draft.value(name))]
    if not differing:
        return "same"
    unstated = all(key(names[name]) == key(NOT_STATED) for name in differing)
    return "open" if unstated else "other"


def _same(draft: Draft, person: Record) -> Record | None:
    """The spell the row is about, if it is recorded."""
    that_day = [
        (spell, _fit(draft, spell))
        for spell in draft.book.spells.get(person.id, ())
        if spell.fields["started_on"] == draft.value("started_on")
    ]
    for wanted in ("same", "open"):
        found = [spell for spell, fit in that_day if fit == wanted]
        if len(found) > 1:
            title = draft.value("post")
            raise Refused(
                "team", f"This person started in more than one post “{title}” that day. Say which."
            )
        if found:
            return found[0]
    return None


def _states_more(draft: Draft, spell: Record) -> bool:
    return _fit(draft, spell) == "open"


def _add(draft: Draft, setting: Setting, person: Record, site: Record | None) -> Record:
    _refuse_doubling(draft, person)
    post = post_of(draft, setting, site)
    spell = draft.create(
        "spell", (), person_id=person.id, post_id=post.id, started_on=draft.value("started_on")
    )
    names = post_names(draft.record, post)
    for column in ("post", *PLACE):
        draft.effects[column] = Effect(after=names[column])
    draft.effects["started_on"] = Effect(after=shown(draft.value("started_on")))
    return spell


def _refuse_doubling(draft: Draft, person: Record) -> None:
    """What may be the same post over the same time is a changed date, not a new spell."""
    begin, end = draft.value("started_on"), draft.value("ended_on")
    for spell in draft.book.spells.get(person.id, ()):
        began, ended = spell.fields["started_on"], spell.fields.get("ended_on")
        if _fit(draft, spell) != "other" and overlap(begin, end, began, ended):
            until = f" until {shown(ended)}" if ended else ""
            raise Refused(
                "started_on",
                f"This person is recorded in this post from {shown(began)}{until}. If that date "
                "is wrong, correct it on the person's page; an import does not move it.",
            )


def _move(draft: Draft, spell: Record, post: Record) -> None:
    """Fills in where a post is that was recorded as not stated."""
    old = post_names(draft.record, draft.record(spell.fields["post_id"]))
    new = post_names(draft.record, post)
    draft.put(spell, "post_id", post.id, "post", before=old["post"], after=new["post"])
    draft.effects.pop("post", None)
    for column in PLACE:
        if old[column] != new[column]:
            draft.effects[column] = Effect(old[column], new[column])


def overlap(begin: dt.date, end: dt.date | None, began: dt.date, ended: dt.date | None) -> bool:
    """Whether two half-open periods share a day; one that ends where it begins holds none."""
    if begin == end or began == ended:
        return False
    return (ended is None or begin < ended) and (end is None or began < end)


def _check(draft: Draft, spell: Record) -> None:
    began = spell.fields["started_on"]
    ended = draft.value("ended_on") or spell.fields.get("ended_on")
    if ended and ended < began:
        raise Refused("ended_on", f"This is before the first day in post, {shown(began)}.")
    if ended is None and (given := draft.given("leaving_reason", "destination")):
        labels = listed(COLUMNS[column].label.lower() for column in given)
        raise Refused("ended_on", f"Say when the spell ended: the row gives the {labels}.")
    last_day = spell.fields.get("last_working_day")
    if ended and last_day and ended < last_day:
        raise Refused("ended_on", f"The last working day on record is {shown(last_day)}.")
    _refuse_overlap(draft, spell, ended)


def _post_id(draft: Draft, spell: Record) -> uuid.UUID:
    """The post of a spell, after the row has moved it."""
    return next(
        (value for record, name, value in draft.changes if record is spell and name == "post_id"),
        spell.fields["post_id"],
    )


def _refuse_overlap(draft: Draft, spell: Record, ended: dt.date | None) -> None:
    """The same person twice in one post over one period."""
    post, began = _post_id(draft, spell), spell.fields["started_on"]
    for other in draft.book.spells.get(spell.fields["person_id"], ()):
        began_then, ended_then = other.fields["started_on"], other.fields.get("ended_on")
        if other is spell or other.fields["post_id"] != post:
            continue
        if overlap(began, ended, began_then, ended_then):
            at = "ended_on" if draft.value("ended_on") else "started_on"
            raise Refused(at, f"This person is in this post again from {shown(began_then)}.")


def _say(draft: Draft, spell: Record) -> None:
    draft.say(draft.record(_post_id(draft, spell)), "band", "band")
    for column in ("contracted_hours", "ended_on", "destination"):
        draft.say(spell, column, column)
    if name := draft.value("leaving_reason"):
        reason = draft.find("leaving_reason", key(name)) or draft.create(
            "leaving_reason", (key(name),), name=name
        )
        before = spell.fields.get("leaving_reason_id")
        draft.put(
            spell,
            "leaving_reason_id",
            reason.id,
            "leaving_reason",
            before=name_of(draft.record(before)) if before else "",
            after=name_of(reason),
        )
