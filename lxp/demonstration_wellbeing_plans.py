"""Wellness plan, requests to be contacted and what weighs on teams, for the demonstration; all
invented, and it says so where somebody reads it."""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from lxp import demonstration
from programme.models import Adjustment, Person, Spell, Team
from programme.numbers import last_quarter_end
from programme.publishing import rule_in_force
from wellbeing.actions import burden, contact, plan
from wellbeing.models import BurdenFlag, BurdenKind, ContactDuty, PlanHeading, Way

DAY = dt.timedelta(days=1)
WORDS = {
    PlanHeading.WELL: "A walk to work, and ten minutes with a cup of tea before the first visit. "
    "Knowing on Monday what the week looks like. (Invented.)",
    PlanHeading.HARD: "Two hard conversations in a row. I go quiet in meetings and skip lunch; ask "
    "me then, not in front of everybody. (Invented.)",
    PlanHeading.HELPS: "Somebody who asks once and then waits. Swapping a task for an easier one "
    "that day. (Invented.)",
    PlanHeading.NOT_HELPING: "Advice before I have finished. Being told to take leave. (Invented.)",
    PlanHeading.OTHERS: "Keep our supervision even when the ward is full. (Invented.)",
}
PURPOSE = "So that we can plan my weeks in supervision (invented)"
# What peer workers of the largest team noted, and how many of them.
NOTED = ((BurdenKind.SUPERVISION, 8), (BurdenKind.BEYOND_HOURS, 8), (BurdenKind.SHARE_MORE, 2))


def load(*, at: dt.datetime) -> None:
    """Add them for the peer worker who signs in, and counts for one team."""
    day = timezone.localdate(at)
    peer = Person.objects.get(reference=demonstration.PEER_REFERENCE)
    marcus = User.objects.get(email="supervisor@example.org")
    ContactDuty.objects.create(stand_in=User.objects.filter(name="Aoife Brennan").first())
    _plan(peer, marcus, day)
    _requests(peer, marcus, at)
    team = Team.objects.filter(pk__in=_teams(day, peer)).first()
    burden.note(
        person=peer,
        by=peer.user,
        team=team,
        day=day,
        kind=BurdenKind.EXTRA_DUTY,
        words="I cover the front desk on Thursdays. (Invented.)",
        addressed_to=marcus,
        shows_words=True,
    )
    _counts(day)


def _plan(peer: Person, reader: User, day: dt.date) -> None:
    begun = plan.begin(person=peer, by=peer.user)
    for section in begun.sections.all():
        section.words = WORDS.get(section.heading, "")
        section.save(update_fields=["words"])
    begun.review_on = day + 90 * DAY
    begun.save(update_fields=["review_on"])
    Adjustment.objects.create(
        person=peer,
        account=peer.user,
        text="A later start on Mondays, and a written agenda before meetings. (Invented.)",
        written_on=day - 60 * DAY,
        shared_on=day - 60 * DAY,
    )
    shown = begun.sections.filter(heading__in=[PlanHeading.HARD, PlanHeading.HELPS])
    plan.share(
        plan=begun,
        by=peer.user,
        reader=reader,
        day=day,
        sections=shown,
        adjustments=True,
        purpose=PURPOSE,
        until=day + 90 * DAY,
    )


def _requests(peer: Person, marcus: User, at: dt.datetime) -> None:
    def ask(owner: User, asked_at: dt.datetime, way: str, **words):
        act = {"person": peer, "by": peer.user, "at": asked_at, "way": way}
        return contact.ask(owner=owner, day=timezone.localdate(at), **act, **words)

    words = {"detail": "01632 960010 (invented)", "suits": "Tuesday or Wednesday after 2pm"}
    ask(marcus, at - dt.timedelta(hours=1), Way.PHONE, **words)
    lead = User.objects.get(email="lead@example.org")
    before = ask(lead, at - 20 * DAY, Way.MESSAGE, detail="", suits="")
    reply = "I have asked for the room on Thursdays. Tell me if it is not free. (Invented.)"
    contact.say_in_touch(request=before, by=lead, at=at - 19 * DAY, reply=reply)


def _teams(day: dt.date, person: Person):
    return Spell.objects.in_post_on(day).filter(person=person).values("post__team")


def _counts(day: dt.date) -> None:
    """Enough people of the largest team noted something for a lead to read of it."""
    noted_on = last_quarter_end(day - DAY) - 20 * DAY
    worked = {
        team: list(
            Person.objects.filter(spells__in=Spell.objects.in_post_on(noted_on))
            .filter(spells__post__team=team)
            .distinct()
            .order_by("reference")
        )
        for team in Team.objects.all()
    }
    team, people = max(worked.items(), key=lambda item: len(item[1]))
    BurdenFlag.objects.bulk_create(
        BurdenFlag(person=person, team=team, kind=kind, noted_on=noted_on)
        for kind, number in NOTED
        for person in people[:number]
    )
    burden.count_quarter(day, rule_in_force())
