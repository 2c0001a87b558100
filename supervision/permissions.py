"""Who may do what in supervision: by the row that names them and its dates, never by the role."""

import datetime as dt

from accounts.models import User
from supervision.models import Agreement, Session


def may_supervise_in(agreement: Agreement, user: User, day: dt.date) -> bool:
    """The supervisor of an agreement that is open on a day, or who stands in on it."""
    return Agreement.objects.given_by(user, day).filter(pk=agreement.pk).exists()


def is_worker_of(agreement: Agreement, user: User) -> bool:
    """The one whom the agreement supports."""
    return agreement.person.user_id == user.pk


def may_write_record(session: Session, user: User, day: dt.date) -> bool:
    """Who gave a session or whose supervisee it was, while the agreement is open to them.

    The worker writes in it once both have agreed: until then they confirm or disagree.
    """
    agreement = session.agreement
    if agreement is None:
        return False
    if is_worker_of(agreement, user):
        record = getattr(session, "record", None)
        return record is not None and record.agreed_at is not None
    gave = user.pk in {agreement.supervisor_id, session.supervisor_id}
    return gave and may_supervise_in(agreement, user, day)
