"""What a row says about its person: who they are, that they applied and trained.

Each part predicts in words what the database would refuse. A blank cell says nothing and erases
nothing.
"""

import datetime as dt

from programme.imports.book import Draft, Effect, Record, Refused, key, listed, shown
from programme.imports.columns import COLUMNS
from programme.imports.places import NOT_HERE, NOT_YOURS, Setting, name_of

OUTCOME_WORDS = {
    "": "",
    "active": "In training",
    "completed": "Completed",
    "withdrew": "Withdrew",
    "deferred": "Deferred",
}
TAKES_PLACE = {"active", "completed"}
FULL = "Every place in this cohort is taken."
RESTS = (
    "Their completion is confirmed, and an import does not change that. Take it back on the page "
    "of the cohort's requirements first."
)
BY_REQUIREMENTS = (
    "What this cohort is taught is known, so completion is confirmed on the page of its "
    "requirements."
)
OWN = "This is your own training: somebody else records what came of it."
OF_TRAINING = ("commenced_on", "outcome", "outcome_on", "outcome_reason")


def person_of(draft: Draft, setting: Setting, site: Record | None) -> Record:
    """The person with the row's reference, added or corrected."""
    reference = draft.value("reference")
    person = draft.find("person", key(reference))
    if person is None:
        if setting.sites is not None and site is None:
            raise Refused("site", "Say at which of your sites this person is.")
        person = draft.create("person", (key(reference),))
        draft.put(person, "reference", reference, "reference")
    elif person.id in draft.book.hidden:
        raise Refused("reference", NOT_HERE)
    for column in ("first_name", "last_name", "email"):
        draft.say(person, column, column)
    if site:
        _place(draft, setting, person, site)
    return person


def _place(draft: Draft, setting: Setting, person: Record, site: Record) -> None:
    """A person's own site is set once; only a row without a cohort or post moves it.

    A lead of some sites moves nobody from a site that is not theirs, nor from none.
    """
    before = person.fields.get("site_id")
    theirs = setting.sites is None or person.is_new or before in setting.sites
    if draft.given("post", "cohort"):
        if theirs:
            draft.fill(person, "site_id", site.id, "site", after=name_of(site))
        return
    if not theirs:
        raise Refused("site", NOT_YOURS)
    old = name_of(draft.record(before)) if before else ""
    draft.put(person, "site_id", site.id, "site", before=old, after=name_of(site))


def cohort_of(draft: Draft, setting: Setting, site: Record | None) -> Record | None:
    """The cohort a row names; a new one starts with its earliest first session."""
    name = draft.value("cohort")
    if name is None:
        return None
    cohort = draft.find("cohort", key(name))
    if cohort is None:
        if setting.sites is not None and site is None:
            raise Refused("site", "Say at which of your sites this cohort is.")
        return draft.create(
            "cohort",
            (key(name),),
            name=name,
            site_id=site.id if site else None,
            starts_on=draft.value("commenced_on"),
        )
    if cohort.id in draft.book.hidden:
        raise Refused("cohort", NOT_YOURS)
    if cohort.is_new:
        _widen(draft, setting, cohort, site)
    return cohort


def _widen(draft: Draft, setting: Setting, cohort: Record, site: Record | None) -> None:
    """A cohort that this file adds begins as early as any row says, at a site if all agree."""
    first, began = draft.value("commenced_on"), cohort.fields["starts_on"]
    if first and (began is None or first < began):
        draft.changes.append((cohort, "starts_on", first))
    if setting.sites is None and site and cohort.fields["site_id"] not in {None, site.id}:
        draft.changes.append((cohort, "site_id", None))


def apply(draft: Draft, person: Record, cohort: Record | None) -> None:
    """The application of the day a row gives."""
    applied_on = draft.value("applied_on")
    if applied_on is None:
        return
    application = draft.find("application", person.id, applied_on)
    if application is None:
        application = draft.create(
            "application", (person.id, applied_on), person_id=person.id, cohort_id=None
        )
        draft.put(application, "applied_on", applied_on, "applied_on")
    if cohort and application.id in draft.book.hidden:
        raise Refused("applied_on", NOT_YOURS)
    if cohort:
        draft.fill(application, "cohort_id", cohort.id, "cohort", after=name_of(cohort))


def train(draft: Draft, person: Record, cohort: Record | None) -> None:
    """The person's place in the cohort and how it ended.

    A row with a day of application and a cohort but nothing about training is an application only.
    """
    given = draft.given(*OF_TRAINING)
    if cohort is None:
        if given:
            labels = listed(COLUMNS[column].label.lower() for column in given)
            raise Refused("cohort", f"Say which cohort this is about: the row gives {labels}.")
        return
    place = draft.find("enrolment", person.id, cohort.id)
    before = str(place.fields["outcome"]) if place else ""
    if place is None:
        if draft.value("applied_on") and not given:
            return
        place = draft.create(
            "enrolment",
            (person.id, cohort.id),
            person_id=person.id,
            cohort_id=cohort.id,
            outcome="active",
        )
        draft.effects["cohort"] = Effect(after=name_of(cohort))
    draft.say(place, "commenced_on", "commenced_on")
    after = draft.value("outcome") or str(place.fields["outcome"])
    _may_end(draft, place, cohort, after)
    _take_place(draft, cohort, before, after)
    _end_training(draft, place, after)


def _may_end(draft: Draft, place: Record, cohort: Record, after: str) -> None:
    """An import confirms no completion, changes none, and records nothing for whoever imports."""
    before = str(place.fields["outcome"])
    changes = "outcome" if after != before else ""
    if draft.value("outcome_on") not in {None, place.fields.get("outcome_on")}:
        changes = changes or "outcome_on"
    if changes and place.id in draft.book.confirmed:
        raise Refused(changes, RESTS)
    if changes and place.fields["person_id"] in draft.book.own:
        raise Refused(changes, OWN)
    if after == "completed" != before and cohort.id in draft.book.by_requirements:
        raise Refused("outcome", BY_REQUIREMENTS)


def _take_place(draft: Draft, cohort: Record, before: str, after: str) -> None:
    """Count the places of a cohort that has only so many."""
    if cohort.id not in draft.book.places_left:
        return
    taken = (after in TAKES_PLACE) - (before in TAKES_PLACE)
    if taken > draft.book.places_left[cohort.id]:
        raise Refused("cohort", FULL)
    if taken:
        draft.places[cohort.id] = taken


def _end_training(draft: Draft, place: Record, after: str) -> None:
    before = str(place.fields["outcome"])
    if after == "active":
        _still_training(draft, place, before)
    else:
        if after != before and before != "active" and not draft.value("outcome_on"):
            raise Refused("outcome_on", f"Say when: it was {OUTCOME_WORDS[before]} until now.")
        _check_ended(draft, place, after)
    if draft.value("outcome"):
        words = OUTCOME_WORDS[before]
        draft.put(place, "outcome", after, "outcome", before=words, after=OUTCOME_WORDS[after])
    draft.say(place, "outcome_on", "outcome_on")
    _reason(draft, place, after)
    # What is known of a return, and the place to go on in, belong to the outcome before.
    if after == "completed" and place.fields.get("may_return") is not None:
        draft.changes.append((place, "may_return", None))
    if after != "deferred" and place.fields.get("next_enrolment_id"):
        draft.changes.append((place, "next_enrolment_id", None))


def _still_training(draft: Draft, place: Record, before: str) -> None:
    if before != "active":
        since = shown(place.fields["outcome_on"])
        raise Refused(
            "outcome",
            f"This training is recorded as {OUTCOME_WORDS[before]} on {since}. An import does not "
            "take that back; change it on the cohort's page.",
        )
    if draft.value("outcome_on"):
        if draft.value("outcome"):
            raise Refused("outcome_on", "Somebody in training has no date of an outcome yet.")
        raise Refused("outcome", "Say what the outcome was: the row gives its date.")
    if draft.value("outcome_reason"):
        raise Refused("outcome_reason", "A reason belongs to a withdrawal or a deferral.")


def _check_ended(draft: Draft, place: Record, outcome: str) -> None:
    ended = draft.value("outcome_on") or place.fields.get("outcome_on")
    began = draft.value("commenced_on") or place.fields.get("commenced_on")
    if ended is None:
        raise Refused("outcome_on", f"Say when: {OUTCOME_WORDS[outcome]} needs its date.")
    if outcome == "completed" and began is None:
        raise Refused("commenced_on", "Say when they commenced: somebody who completed began.")
    if began and ended < began:
        at = "outcome_on" if draft.value("outcome_on") else "commenced_on"
        raise Refused(at, f"The outcome, {_on(ended)}, is before the first session, {_on(began)}.")
    if outcome == "completed" and draft.value("outcome_reason"):
        raise Refused("outcome_reason", "A reason belongs to a withdrawal or a deferral.")


def _on(day: dt.date) -> str:
    return shown(day)


def _reason(draft: Draft, place: Record, outcome: str) -> None:
    before = place.fields.get("outcome_reason_id")
    old = name_of(draft.record(before)) if before else ""
    if name := draft.value("outcome_reason"):
        reason = draft.find("outcome_reason", key(name)) or draft.create(
            "outcome_reason", (key(name),), name=name
        )
        draft.put(
            place,
            "outcome_reason_id",
            reason.id,
            "outcome_reason",
            before=old,
            after=name_of(reason),
        )
    elif before and outcome == "completed":
        draft.changes.append((place, "outcome_reason_id", None))
        draft.effects["outcome_reason"] = Effect(
            old, "", "The reason belonged to the outcome before."
        )
