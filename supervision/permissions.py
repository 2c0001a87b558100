"""Who may do what in supervision: by the row that names them and its dates, never by the role."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import ARRANGE_SUPERVISION
from programme.models import Person
from supervision.models import Agreement, Cover, Session, Supervisor
from supervision.models.reach import AFTERWARDS

SUPERVISOR = "supervisor"


def may_supervise_in(agreement: Agreement, user: User, day: dt.date) -> bool:
    """The supervisor of an agreement that is open on a day, or who stands in on it."""
    if agreement.supervisor_id == user.pk:
        return agreement.is_open_on(day)
    return Agreement.objects.given_by(user, day).filter(pk=agreement.pk).exists()


def supervised_lately(agreement: Agreement, user: User, day: dt.date) -> bool:
    """The supervisor of an agreement that has ended, for four weeks from its last day on."""
    ended = agreement.ended_on
    return agreement.supervisor_id == user.pk and bool(ended) and ended <= day < ended + AFTERWARDS


def is_worker_of(agreement: Agreement, user: User) -> bool:
    """The one whom the agreement supports."""
    return agreement.person.user_id == user.pk


def may_write_record(session: Session, user: User, day: dt.date) -> bool:
    """Who gave a session or whose supervisee it was, while the agreement is open to them; a
    stand-in while the cover lasts in which they gave it, as they read it no longer.

    The worker writes in it once both have agreed: until then they confirm or disagree.
    """
    agreement = session.agreement
    if agreement is None:
        return False
    if is_worker_of(agreement, user):
        record = getattr(session, "record", None)
        return record is not None and record.agreed_at is not None
    if agreement.supervisor_id == user.pk:
        return agreement.is_open_on(day)
    covers = Cover.objects.filter(pk=session.cover_id, stand_in=user).on(day)
    gave = session.supervisor_id == user.pk and covers.exists()
    return gave and may_supervise_in(agreement, user, day)


def require_worker(user: User, person: Person) -> None:
    """Make sure that somebody acts for themselves.

    Raises:
        PermissionDenied: they do not.
    """
    if person.user_id != user.pk:
        raise PermissionDenied("Only the worker does this.")


def require_supervisor(user: User, agreement: Agreement, day: dt.date) -> None:
    """Make sure that somebody is the supervisor of an agreement that has not ended.

    Raises:
        PermissionDenied: they are not, or it has ended.
    """
    if agreement.supervisor_id != user.pk or agreement.is_over_on(day):
        raise PermissionDenied("Only the supervisor does this.")


def may_arrange_for(user: User, person: Person) -> bool:
    """A lead of any of the person's sites, or of all; never for themselves."""
    sites = user.sites_for(ARRANGE_SUPERVISION)
    if person.user_id == user.pk or sites == frozenset():
        return False
    return sites is None or Person.objects.filter(pk=person.pk).at_sites(sites).exists()


def group_of(agreement: Agreement, user: User, day: dt.date) -> QuerySet[Agreement]:
    """The agreements with one leader in one kind for which a user arranges cover: the leader for
    all of them, a lead for those of people at their sites, never for themselves."""
    same = Agreement.objects.filter(kind=agreement.kind_id, supervisor=agreement.supervisor_id)
    rows = same.not_ended_by(day).select_related("person")
    if agreement.supervisor_id != user.pk:
        sites = user.sites_for(ARRANGE_SUPERVISION)
        rows = rows if sites is None else rows.filter(person__in=Person.objects.at_sites(sites))
        rows = rows.filter(Q(person__user__isnull=True) | ~Q(person__user=user))
    return rows.order_by("person__last_name", "person__first_name", "pk")


def may_change_entry(user: User, entry: Supervisor) -> bool:
    """A lead of every site where somebody supervises; an entry for all sites is for leads of all.
    One's own is changed on one's own page."""
    sites = user.sites_for(ARRANGE_SUPERVISION)
    if sites is None:
        return True
    theirs = {site.pk for site in entry.sites.all()}
    return bool(theirs) and theirs <= sites


def may_have_entry(user: User) -> bool:
    """Supervisors, and whoever a lead has put into the directory."""
    has_role = any(role.key == SUPERVISOR for role in user.roles)
    return has_role or hasattr(user, "supervisor")
