"""Whether a team is ready for a peer worker, and what is missing before one starts.

The blueprint of the ENRICH study asks that a team is prepared in a session co-delivered by peers,
that its supervisor is named and trained, and that no peer worker is alone (`domain.md` 2.3).
Nothing is refused for want of it: the lead is told.
"""

import datetime as dt

from programme.models import Team

ALONE = "no other peer worker is in post in it"


def missing(team: Team, day: dt.date) -> list[str]:
    """What a team lacks by a day, in words that complete *Missing:*; needs
    `with_readiness_on`."""
    wanting = []
    if not team.prepared:
        wanting.append("no session has prepared the team")
    elif not team.by_peers:
        wanting.append("no session was co-delivered by peer workers")
    if not team.supervisor:
        wanting.append("nobody is named who supervises its peer workers")
    elif team.supervisor_trained_on is None or team.supervisor_trained_on > day:
        wanting.append("no training of its supervisor is recorded")
    return wanting


def missing_for_start(team: Team, day: dt.date) -> list[str]:
    """What is missing when somebody starts in a team: also somebody else who is a peer worker."""
    return missing(team, day) if team.peers else [*missing(team, day), ALONE]
