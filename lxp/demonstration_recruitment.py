"""A round of recruitment for the demonstration: a training intake that is open now, invented."""

import datetime as dt
import random
import uuid

from accounts.models import Site, User
from programme.actions import applicants, moves, panel, rounds, training
from programme.models import Applicant, Round, RoundKind, RoundQuestion, StageKind, StageTemplate

TITLE = "Peer worker training: next intake"
# Long enough ago that the worker has no message to send any more.
SENT_DAYS_AGO = range(10, 26)
NAMES = (
    ("Amira", "Lindqvist"),
    ("Bartosz", "Świątek"),
    ("Ciarán", "Ó Briain"),
    ("Delphine", "Tremblay"),
    ("Efua", "Mensah"),
    ("Fergus", "MacLeod"),
    ("Gwenllian", "Pryce"),
    ("Hao", "王"),
    ("Imogen", "Fitzgerald-Featherstonehaugh"),
    ("Jakub", "Novák"),
    ("Kiran", "Kaur"),
    ("Lucía", "Fernández"),
    ("Mahmoud", "Ali"),
    ("Nerys", "Evans"),
)
# How far the first of them have come; the others have just applied.
STAND_AT = (
    (StageKind.INTERVIEW, 3, ""),
    (StageKind.SHORTLISTING, 4, ""),
    (StageKind.NOT_SELECTED, 1, "more_fully"),
    (StageKind.ON_HOLD, 1, "no_place"),
)
STATEMENT = (
    "Invented for the demonstration. I would use what I have learned to listen, to be patient, and "
    "to say when something helped me, if the person wants to hear it."
)


def load(*, by: User, panel_member: User, at: dt.datetime, chance: random.Random) -> Round:
    """Open an intake for a coming cohort, with applicants at several stages and a panel."""
    today = at.date()
    site = Site.objects.order_by("name").first()
    cohort = training.add_cohort(
        by=by,
        name=f"Intake {today.year + 1}",
        site=site,
        starts_on=today + dt.timedelta(90),
        ends_on=None,
        places=12,
    )
    opened = rounds.add_round(
        by=by,
        template=StageTemplate.objects.get(name="Training intake"),
        post=None,
        cohort=cohort,
        kind=RoundKind.INTAKE,
        title=TITLE,
        about="Twelve weekly days. No experience of paid work is needed. Invented.",
        opens_on=today - dt.timedelta(28),
        closes_on=today + dt.timedelta(21),
        places=12,
        contact_name=by.name,
        contact_email=by.email,
        contact_phone="01632 960004",
    )
    question = RoundQuestion.objects.create(
        round=opened, text="What draws you to this work?", position=1
    )
    panel.add_member(in_round=opened, user=panel_member, by=by)
    for name, used_at in (
        ("Uses own experience to support others", StageKind.SHORTLISTING),
        ("Listens and works beside people", StageKind.INTERVIEW),
    ):
        panel.add_criterion(in_round=opened, by=by, name=name, hint="", used_at=used_at, highest=5)
    rounds.publish_round(published=opened, by=by, on=opened.opens_on)
    sent = [_applied(opened, question, number, at, chance) for number in range(len(NAMES))]
    _move_on(opened, sent, by, at)
    return opened


def _applied(
    opened: Round, question: RoundQuestion, number: int, at: dt.datetime, chance: random.Random
) -> Applicant:
    first_name, last_name = NAMES[number]
    moment = at - dt.timedelta(chance.choice(SENT_DAYS_AGO))
    draft = applicants.begin(
        pk=uuid.uuid4(),
        offered=opened,
        values={
            "first_name": first_name,
            "last_name": last_name,
            "email": f"applicant{number:02}@example.org",
            "statement": STATEMENT,
        },
        answers={question.pk: "Invented for the demonstration: being of use, and being believed."},
        at=moment - dt.timedelta(hours=1),
    )
    return applicants.send(applicant=draft, at=moment, on=moment.date())


def _move_on(opened: Round, sent: list[Applicant], by: User, at: dt.datetime) -> None:
    first = opened.stages.get(kind=StageKind.APPLIED)
    waiting = iter(sent)
    for days_ago, (kind, how_many, reason) in zip((5, 6, 7, 8), STAND_AT, strict=True):
        moves.move(
            in_round=opened,
            picked={next(waiting).pk: first.pk for _ in range(how_many)},
            to=opened.stages.get(kind=kind),
            by=by,
            at=at - dt.timedelta(days_ago),
            reason=reason,
        )
