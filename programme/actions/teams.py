"""What a lead records of how a team is prepared."""

import datetime as dt

from accounts.models import User
from programme.actions.saving import add, change, remove, require_site
from programme.models import Team, TeamPreparation


def add_preparation(
    *,
    team: Team,
    by: User,
    session: str,
    held_on: dt.date,
    by_peers: bool,
    staff_share: int | None,
) -> TeamPreparation:
    """Record a session that prepares a team.

    Raises:
        NotSaved: it is recorded already.
        NotYours: the team is not at one of the lead's sites.
    """
    require_site(by, team.site)
    return add(
        TeamPreparation(
            team=team, session=session, held_on=held_on, by_peers=by_peers, staff_share=staff_share
        ),
        by=by,
    )


def change_preparation(
    *, preparation: TeamPreparation, by: User, version: str, **values
) -> TeamPreparation:
    """Correct a session.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, preparation.team.site)
    return change(preparation, by=by, version=version, values=values)


def remove_preparation(*, preparation: TeamPreparation, by: User) -> None:
    """Take back a session that was recorded by mistake; its history stays.

    Raises:
        NotYours: the team is not at one of the lead's sites.
    """
    require_site(by, preparation.team.site)
    remove(preparation, by=by)
