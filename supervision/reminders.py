"""What people are told about supervision: dates and what is to do, and no word of what was said."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notifications.models import Occasion
from notifications.quiet import local
from notifications.rules import Due, Reminder
from programme.leads import leads_of
from supervision.due import is_late_on
from supervision.models import (
    ActionOwner,
    AgreedAction,
    Agreement,
    BreakGlass,
    Cover,
    RecordState,
    Session,
    SessionRecord,
)
from supervision.models.agreements import in_time_until

DAY = dt.timedelta(days=1)
MORNING = dt.time(9)
TO_LEADS_AFTER = 14  # days late before leads are told as well
TIMES = 2  # once and one repeat, a week apart, and no more: rule 9 of `domain.md` 5.3
RECENT = dt.timedelta(days=30)  # a record that waited longer is not asked about again


class Overdue(Reminder):
    """Late supervision, for who gives it: the supervisor, or who stands in that day."""

    key = "supervision-overdue"
    name = "A session with somebody is overdue"
    subject = "A session is overdue"
    words = "A regular session with one of the people you meet is overdue. Please arrange one."
    in_digest = True
    worth_sending = dt.timedelta(days=5)

    def due(self, now: dt.datetime) -> Iterator[Due]:
        today = timezone.localdate(now)
        standing_in = stand_ins(today)
        for agreement in overdue(today):
            who = standing_in.get(agreement.pk, agreement.supervisor_id)
            for week in weeks_late(agreement, today):
                yield at_morning(who, agreement.pk, agreement.overdue_from, week)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        today = timezone.localdate(now)
        given = Agreement.objects.given_by(occasion.recipient, today).filter(pk=occasion.about)
        return any(is_late_on(agreement, today) for agreement in given)

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return reverse("supervision:home")

    def seen_by(self, user: User) -> QuerySet:
        return Agreement.objects.duty_visible_to(user)


class NotDelivered(Overdue):
    """Supervision that is two weeks late, for the leads: whose duty it is, never who missed it."""

    key = "supervision-not-delivered"
    name = "Supervision is not delivered"
    subject = "A session was not delivered"
    words = "A regular session that somebody should have had was not delivered. See the list."

    def due(self, now: dt.datetime) -> Iterator[Due]:
        today = timezone.localdate(now)
        late = [one for one in overdue(today) if (today - late_from(one)).days >= 0]
        leads = leads_of({one.person_id for one in late}, today)
        for agreement in late:
            for lead in leads.get(agreement.person_id, ()):
                if lead != agreement.supervisor_id:
                    yield at_morning(lead, agreement.pk, late_from(agreement), 0)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        today = timezone.localdate(now)
        found = Agreement.objects.open_on(today).filter(pk=occasion.about).first()
        if found is None or not is_late_on(found, today):
            return False
        return occasion.recipient_id in leads_of([found.person_id], today)[found.person_id]

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return reverse("supervision:duty")


class Tomorrow(Reminder):
    """A session that is planned for tomorrow, for both."""

    key = "session-tomorrow"
    name = "A session is tomorrow"
    subject = "Something is in your calendar tomorrow"
    words = "You have a session tomorrow. The time and the place are on its page."
    worth_sending = dt.timedelta(hours=20)

    def due(self, now: dt.datetime) -> Iterator[Due]:
        for session in planned_between(now, now + 3 * DAY):
            before = timezone.localdate(session.starts_at) - DAY
            for who in (session.supervisor_id, session.person.user_id):
                if who and before >= timezone.localdate(now):
                    yield at_morning(who, session.pk, before, 0)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        found = planned_between(now, now + 2 * DAY).filter(pk=occasion.about).first()
        if found is None or timezone.localdate(found.starts_at) != occasion.day + DAY:
            return False
        return occasion.recipient_id in {found.supervisor_id, found.person.user_id}

    def page(self, occasion: Occasion) -> str:
        return reverse("supervision:session", args=[occasion.about])

    def seen_by(self, user: User) -> QuerySet:
        return Session.objects.duty_visible_to(user)


class ToConfirm(Reminder):
    """A record that waits for the worker's word: once when it is written, once a week later."""

    key = "record-to-confirm"
    name = "Something written about a session waits for me"
    subject = "Something waits for you to read"
    words = "What was written about a session waits for you to read, and to say whether you agree."
    worth_sending = dt.timedelta(days=5)

    def due(self, now: dt.datetime) -> Iterator[Due]:
        rows = SessionRecord.objects.filter(
            state=RecordState.TO_CONFIRM,
            session__starts_at__gte=now - RECENT,
            session__person__user__isnull=False,
        ).select_related("session__person")
        for record in rows:
            day = timezone.localdate(record.session.starts_at)
            who = record.session.person.user_id
            yield Due(who, record.session_id, day, record.session.starts_at)
            again = day + 7 * DAY
            yield Due(who, record.session_id, again, local(again, MORNING), 1)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:  # noqa: ARG002
        return SessionRecord.objects.filter(
            session=occasion.about,
            state=RecordState.TO_CONFIRM,
            session__person__user=occasion.recipient_id,
        ).exists()

    def page(self, occasion: Occasion) -> str:
        return reverse("supervision:session", args=[occasion.about])


class Opened(Reminder):
    """Two leads opened the agreed records of a worker: the worker is told, whatever they switched
    off (domain.md 5.3 rule 7), unless a legal duty that is written down forbids it."""

    key = "records-opened"
    name = "Somebody can read what I agreed on"
    subject = "Something you should know about your records"
    words = (
        "Something has happened with your records that you have a right to know. Please read it."
    )
    may_be_switched_off = False
    worth_sending = RECENT

    def due(self, now: dt.datetime) -> Iterator[Due]:
        rows = BreakGlass.objects.filter(
            approved_at__gte=now - RECENT, withheld=False, person__user__isnull=False
        )
        for opening in rows.select_related("person"):
            day = timezone.localdate(opening.approved_at)
            yield Due(opening.person.user_id, opening.pk, day, opening.approved_at)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:  # noqa: ARG002
        return BreakGlass.objects.told_to(occasion.recipient).filter(pk=occasion.about).exists()

    def page(self, occasion: Occasion) -> str:  # noqa: ARG002
        return reverse("supervision:my-openings")


class ActionDue(Reminder):
    """Something agreed on is due today: for whichever of the two is to do it, or for leads where
    the organisation is. That there is an action is between them, so no staff see the message."""

    key = "action-due"
    name = "Something I agreed to do is due"
    subject = "Something is due today"
    words = "Something that was agreed on is due today. What it is stands on the page."
    worth_sending = dt.timedelta(days=3)

    def due(self, now: dt.datetime) -> Iterator[Due]:
        today = timezone.localdate(now)
        found = list(actions_due(today - 3 * DAY, today + 2 * DAY, today))
        standing_in = stand_ins(today)
        leads = leads_of({action.agreement.person_id for action in found}, today)
        for action in found:
            for who in to_do_by(action, standing_in, leads):
                yield at_morning(who, action.pk, action.due_on, 0)

    def is_still_due(self, occasion: Occasion, now: dt.datetime) -> bool:
        today = timezone.localdate(now)
        rows = actions_due(occasion.day, occasion.day, today).filter(pk=occasion.about)
        leads = leads_of(rows.values_list("agreement__person", flat=True), today)
        return any(
            occasion.recipient_id in to_do_by(action, stand_ins(today), leads) for action in rows
        )

    def page(self, occasion: Occasion) -> str:
        organisation = AgreedAction.objects.for_organisation().filter(pk=occasion.about)
        name = "organisation-actions" if organisation.exists() else "actions"
        return reverse(f"supervision:{name}")


REMINDERS = (Overdue(), NotDelivered(), Tomorrow(), ToConfirm(), ActionDue(), Opened())


def actions_due(first: dt.date, last: dt.date, today: dt.date) -> QuerySet[AgreedAction]:
    """What is to be done from a day to another in agreements that hold today."""
    rows = AgreedAction.objects.open().filter(
        due_on__range=(first, last), agreement__in=Agreement.objects.open_on(today)
    )
    return rows.select_related("agreement__person", "agreed_in__record")


def to_do_by(action: AgreedAction, standing_in: dict, leads: dict) -> set:
    """The accounts of whoever is to do it; the organisation once the worker has agreed to that."""
    agreement = action.agreement
    if action.owner == ActionOwner.WORKER:
        return {agreement.person.user_id} - {None}
    if action.owner == ActionOwner.SUPERVISOR:
        return {standing_in.get(agreement.pk, agreement.supervisor_id)}
    record = getattr(action.agreed_in, "record", None)
    return leads.get(agreement.person_id, set()) if record and record.agreed_at else set()


def stand_ins(today: dt.date) -> dict:
    """Who stands in today, by agreement."""
    rows = Cover.objects.on(today).order_by("starts_on")
    return dict(rows.values_list("agreement", "stand_in"))


class Late(NamedTuple):
    """What of an agreement tells who is to hear that it is late, without a row of Django's."""

    pk: uuid.UUID
    person_id: uuid.UUID
    supervisor_id: uuid.UUID
    in_time_until: dt.date

    @property
    def overdue_from(self) -> dt.date:
        return self.in_time_until + DAY


def overdue(today: dt.date) -> Iterator[Late]:
    """Open agreements of people in which supervision is late today."""
    rows = Agreement.objects.open_on(today).not_only_asked().order_by()
    late = rows.annotate(in_time_until=in_time_until()).filter(in_time_until__lt=today)
    return map(Late._make, late.values_list(*Late._fields).iterator())


def late_from(agreement: Late) -> dt.date:
    """The day from which leads are told as well."""
    return agreement.overdue_from + TO_LEADS_AFTER * DAY


def weeks_late(agreement: Late, today: dt.date) -> range:
    """The numbers of the times one is told: on the first day, and once more a week after it."""
    return range(min((today - agreement.overdue_from).days // 7 + 1, TIMES))


def at_morning(who, about, day: dt.date, sequence: int) -> Due:
    """Due on a local day at nine; each repeat a week later."""
    on = day + 7 * sequence * DAY
    return Due(who, about, on, local(on, MORNING), sequence)


def planned_between(since: dt.datetime, until: dt.datetime) -> QuerySet[Session]:
    rows = Session.objects.planned().within_agreement().select_related("person")
    return rows.filter(starts_at__gt=since, starts_at__lte=until)
