"""Asking somebody to get in touch: the worker asks and ends it, whoever is asked answers it."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.db.models import Q, QuerySet

from accounts.models import RoleGrant, Site, User
from accounts.roles import CHANGE_SUPPORT
from notifications.working_time import after
from programme.actions.saving import NotSaved, NotYours, add, change, check, locked, remove, writing
from programme.leads import sites_of
from programme.models import Person
from wellbeing.colleagues import ROLES, to_choose_from
from wellbeing.models import (
    ContactDuty,
    ContactPassing,
    ContactRequest,
    Ending,
    Way,
)

NOT_OFFERED = "Choose somebody from the list."
ASKED_ALREADY = (
    "You have an open request to this person already. Take that one back first if something about "
    "it should change."
)
ENDED = "This request has come to an end already."
ENDED_ALREADY = {NON_FIELD_ERRORS: [ENDED]}


# --- Asking ---------------------------------------------------------------------------------------


def duty_of(person: Person, day: dt.date) -> ContactDuty:
    """What holds for a worker: the soonest of their sites, else what is set for all, else a working
    day and nobody who stands in."""
    rows = ContactDuty.objects.select_related("stand_in").order_by("hours", "pk")
    own = rows.filter(site__in=sites_of(person, day)).first()
    return own or rows.filter(site__isnull=True).first() or ContactDuty()


def stand_in_of(duty: ContactDuty, person: Person, owner: User | None, day: dt.date) -> User | None:
    """Who is told next: somebody the worker could ask too, and not who was asked."""
    if duty.stand_in_id is None or duty.stand_in == owner:
        return None
    return to_choose_from(person, day).filter(pk=duty.stand_in_id).first()


def ask(
    *, person: Person, by: User, owner: User, at: dt.datetime, day: dt.date, **words
) -> ContactRequest:
    """Ask somebody to get in touch, once however often it is sent.

    Args:
        words: `way`, and `detail` and `suits`, which may be empty.

    Raises:
        NotSaved: they cannot be asked, or were asked otherwise and have not answered.
    """
    if person.user_id != by.pk:
        raise PermissionDenied("Everybody asks for themselves.")
    if not to_choose_from(person, day).filter(pk=owner.pk).exists():
        raise NotSaved({"owner": [NOT_OFFERED]})
    duty = duty_of(person, day)
    stand_in = stand_in_of(duty, person, owner, day)
    answer_by = after(at, duty.hours)
    with writing(by):
        locked(person)
        if asked := ContactRequest.objects.of(person).open().filter(owner=owner).first():
            if any(getattr(asked, name) != value for name, value in words.items()):
                raise NotSaved({"owner": [ASKED_ALREADY]})
            return asked
        new = ContactRequest(
            person=person,
            account=by,
            owner=owner,
            asked_at=at,
            answer_by=answer_by,
            stand_in=stand_in,
            leads_from=after(answer_by, duty.hours) if stand_in else answer_by,
            **words,
        )
        check(new)
        new.save(force_insert=True)
    return new


def withdraw(*, request: ContactRequest, by: User, at: dt.datetime) -> None:
    """The worker takes it back."""
    _end_own(request, by, at, Ending.WITHDRAWN)


def settle(*, request: ContactRequest, by: User, at: dt.datetime) -> None:
    """The worker says that it is settled, however that came about."""
    _end_own(request, by, at, Ending.SETTLED)


def _end_own(request: ContactRequest, by: User, at: dt.datetime, ending: str) -> None:
    if request.person.user_id != by.pk:
        raise PermissionDenied("Only who asked ends it like this.")
    with writing(by):
        current = locked(request)
        if current.ended_at is None:
            _end(current, by, at, ending)


def _end(request: ContactRequest, by: User, at: dt.datetime, ending: str, reply: str = "") -> None:
    """What was typed to be reached by is needed no longer, so it goes."""
    request.ended_at, request.ended_by, request.ending = at, by, ending
    request.detail, request.suits, request.reply = "", "", reply
    request.save()


def forget(*, request: ContactRequest, by: User) -> None:
    """The worker deletes one for good; nothing is kept of it."""
    if request.person.user_id != by.pk:
        raise PermissionDenied("Only who asked deletes it.")
    remove(request, by=by)


# --- Answering ------------------------------------------------------------------------------------


def say_in_touch(*, request: ContactRequest, by: User, at: dt.datetime, reply: str) -> None:
    """Whoever it waits for has been in touch; their message, if any, is for the worker.

    Raises:
        NotSaved: it has ended meanwhile, or a message was asked for and there is none.
    """
    with writing(by):
        current = _waiting(request, by, at)
        if current.way == Way.MESSAGE and not reply:
            raise NotSaved({"reply": ["Write the message: they asked for one here."]})
        _end(current, by, at, Ending.IN_TOUCH, reply)


def pass_on(
    *, request: ContactRequest, by: User, to: User, at: dt.datetime, day: dt.date
) -> ContactRequest:
    """The owner passes it to another whom the worker could have asked; its times stay.

    Where the worker has asked them too, the two become one: who passes it is not told.

    Raises:
        NotSaved: it has ended meanwhile, or they cannot be asked.
    """
    with writing(by):
        locked(request.person)
        current = _waiting(request, by, at)
        if current.owner_id != by.pk:
            raise PermissionDenied("Only who was asked passes it on.")
        if not to_pass_to(current.person, by, day).filter(pk=to.pk).exists():
            raise NotSaved({"to": [NOT_OFFERED]})
        ContactPassing.objects.create(request=current, passed_by=by, passed_to=to, at=at)
        rows = ContactRequest.objects.open().filter(owner=to)
        rows = rows.filter(person=current.person, account=current.account_id)
        if twin := rows.first():
            twin.answer_by = min(twin.answer_by, current.answer_by)
            twin.leads_from = max(twin.answer_by, min(twin.leads_from, current.leads_from))
            twin.save(update_fields=["answer_by", "leads_from"])
            _end(current, by, at, Ending.JOINED)
            return twin
        current.owner = to
        current.save(update_fields=["owner"])
    return current


def to_pass_to(person: Person, by: User, day: dt.date) -> QuerySet[User]:
    """Staff of the worker's sites: who else supervises them is not told to whoever passes it on."""
    here = staff_of(day, *sites_of(person, day))
    return to_choose_from(person, day).filter(pk__in=here).exclude(pk=by.pk)


def _waiting(request: ContactRequest, by: User, at: dt.datetime) -> ContactRequest:
    """The request as it is now, held, if it still waits for this user.

    Raises:
        NotSaved: it has ended.
        PermissionDenied: it is not for them.
    """
    current = locked(request)
    if current.ended_at is not None:
        raise NotSaved(ENDED_ALREADY)
    if not ContactRequest.objects.waiting_for(by, at).filter(pk=current.pk).exists():
        raise PermissionDenied("This is for somebody else to answer.")
    return current


# --- What a trust sets ----------------------------------------------------------------------------


def _require_site(by: User, site: Site | None) -> None:
    sites = by.sites_for(CHANGE_SUPPORT)
    if sites is not None and (site is None or site.pk not in sites):
        raise NotYours(f"This needs a role for {site or 'all sites'}.")


def staff_of(day: dt.date, *sites: Site) -> QuerySet[User]:
    """Leads and supervisors of every site, and of any of these."""
    here = Q(site__isnull=True) | Q(site__in=sites)
    grants = RoleGrant.objects.in_force_on(day).filter(here, role__in=ROLES)
    return User.objects.filter(pk__in=grants.values("user"), is_active=True)


def _check_duty(by: User, site: Site | None, stand_in: User | None, day: dt.date) -> None:
    _require_site(by, site)
    staff = staff_of(day, *([site] if site else []))
    if stand_in and not staff.filter(pk=stand_in.pk).exists():
        raise NotSaved({"stand_in": [f"Choose a lead or supervisor of {site or 'all sites'}."]})


def add_duty(
    *, by: User, site: Site | None, stand_in: User | None, hours: int, day: dt.date
) -> ContactDuty:
    """Say how soon somebody is in touch at a site, or wherever no site has its own.

    Raises:
        NotSaved, NotYours: it is set already, or is for a lead of that site.
    """
    _check_duty(by, site, stand_in, day)
    return add(ContactDuty(site=site, stand_in=stand_in, hours=hours), by=by)


def change_duty(
    *, duty: ContactDuty, by: User, version: str, stand_in: User | None, hours: int, day: dt.date
) -> ContactDuty:
    """Change it for requests to come; those that wait keep the times their worker was told.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    _check_duty(by, duty.site, stand_in, day)
    return change(duty, by=by, version=version, values={"stand_in": stand_in, "hours": hours})


def remove_duty(*, duty: ContactDuty, by: User) -> None:
    _require_site(by, duty.site)
    remove(duty, by=by)
