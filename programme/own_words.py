"""What others may read of what people write themselves: what its authors share, and no more."""

from typing import NamedTuple

from django.db.models import QuerySet

from accounts.models import User
from programme.exit_answers import QUESTIONS, Question, totals
from programme.models import Adjustment, DevelopmentGoal, ExitInterview, Person


class Shared(NamedTuple):
    """What one person shares with the leads of their sites."""

    adjustments: QuerySet[Adjustment]
    goals: QuerySet[DevelopmentGoal]


def shared_by(person: Person, user: User) -> Shared:
    """What somebody may read of one person's own words."""
    return Shared(
        *(
            kind.objects.shared_with(user).filter(person=person)
            for kind in (Adjustment, DevelopmentGoal)
        )
    )


def answers_of_leavers(user: User) -> list[Question]:
    """The ticked answers that leavers at a lead's sites let be counted, as totals."""
    said = ExitInterview.objects.released_to(user).order_by("spell__ended_on", "pk")
    rows = said.values("spell__person", *QUESTIONS)
    return totals({row["spell__person"]: row for row in rows}.values())  # the last of each person
