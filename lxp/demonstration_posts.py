"""Contracts, probation, a pathway and prepared teams of the demonstration's posts, all invented."""

import datetime as dt

from accounts.models import RoleGrant, User
from programme.actions import employment, learning, own_words, pathways, people, posts, teams
from programme.actions.saving import version_of
from programme.models import (
    Adjustment,
    BreakKind,
    Contract,
    DevelopmentGoal,
    Enrolment,
    PathwayStep,
    Person,
    Post,
    ReviewOutcome,
    Spell,
    Team,
)
from programme.probation import usual_probation_end

STEPS = (
    {
        "role": "Peer support worker",
        "band": "3",
        "criteria": "Training completed; ready to use own experience at work.",
        "goals": "Work with several people at once. Bring a case to supervision.",
    },
    {
        "role": "Senior peer support worker",
        "band": "4",
        "criteria": "Two years in post. Has mentored a trainee.",
        "goals": "Lead a group. Take part in teaching a cohort.",
    },
    {
        "role": "Peer team lead",
        "band": "5",
        "criteria": "Supervises others and is trained to do so.",
        "goals": "Help the team to plan its own work.",
    },
)
# Who supervises a team, and how many days ago they were trained for it; the rest is not ready.
SUPERVISORS = (("Marcus Obi", 400), ("Philippa Hall", 200), ("Emeka Eze", None))
LEARNED = (
    ("Suicide prevention, refresher day", "6.5", 200),
    ("Reflective practice group", "2", 75),
    ("Trauma-informed care, online", "3.5", 20),
)
GOALS = (
    ("Lead the Thursday group on my own", 90, None),
    ("Give a talk at the team's away day", -30, -35),
)
ADJUSTMENTS = (
    ("Start at 10 on the day after a late shift.", True),
    ("A quiet desk for writing notes.", False),
)


def load(*, latest: list[Enrolment], by: User, at: dt.datetime) -> None:
    """Say of the posts what a sheet does not.

    Args:
        latest: who completed last; two of them without a post start in one now.
    """
    today = at.date()
    steps = _pathway(by)
    _teams(by, today)
    _contracts(steps, by, today)
    _starters([place.person for place in latest], by, today)
    _break(by, today)
    in_post = Person.objects.filter(spells__in=Spell.objects.in_post_on(today), user=None)
    _learning(list(in_post.distinct().order_by("reference")[:11]), by, today)


def _pathway(by: User) -> dict[str, PathwayStep]:
    pathway = pathways.add_pathway(by=by, name="Peer support")
    return {
        values["role"]: pathways.add_step(pathway=pathway, by=by, position=position, **values)
        for position, values in enumerate(STEPS, start=1)
    }


def _teams(by: User, today: dt.date) -> None:
    """Three teams with a supervisor; two were prepared, one of them together with peers."""
    chosen = Team.objects.order_by("name", "site__name")
    for team, (name, days) in zip(chosen, SUPERVISORS, strict=False):
        people.change_team(
            team=team,
            by=by,
            version=version_of(team),
            supervisor=name,
            supervisor_trained_on=today - dt.timedelta(days) if days else None,
        )
    for team, by_peers in zip(chosen, (True, False), strict=False):
        teams.add_preparation(
            team=team,
            by=by,
            session="Welcoming a peer worker",
            held_on=today - dt.timedelta(300),
            by_peers=by_peers,
            staff_share=80 if by_peers else 45,
        )


def _contracts(steps: dict[str, PathwayStep], by: User, today: dt.date) -> None:
    """Who is longest in post is on a step and has a contract; some have a fixed term that ends."""
    ends = (None, None, None, 55, None, None, None, None, 120, None, None, 200)
    spells = Spell.objects.in_post_on(today).select_related("post__team__site", "person")
    for spell, days in zip(spells.order_by("started_on", "person__reference"), ends, strict=False):
        posts.change_spell(
            spell=spell,
            by=by,
            version=version_of(spell),
            step=steps.get(spell.post.title),
            contract=Contract.FIXED_TERM if days else Contract.PERMANENT,
            contract_ends_on=today + dt.timedelta(days) if days else None,
        )


def _starters(people_: list[Person], by: User, today: dt.date) -> None:
    """One started 45 days ago and had a first review; another three weeks ago."""
    free = Post.objects.filter(title="Peer support worker").order_by("team__name")
    without = [person for person in people_ if not person.spells.exists()]
    for person, days, post in zip(without, (45, 21), free, strict=False):
        started_on = today - dt.timedelta(days)
        spell = posts.add_spell(
            person=person,
            by=by,
            post=post,
            started_on=started_on,
            contracted_hours=30,
            contract=Contract.FIXED_TERM,
            contract_ends_on=started_on + dt.timedelta(365),
            probation_ends_on=usual_probation_end(started_on, None),
        )
        first = spell.reviews.first()
        if first.due_on <= today:
            employment.record_review(
                review=first,
                by=by,
                version=version_of(first),
                held_on=first.due_on,
                outcome=ReviewOutcome.ON_TRACK,
            )


def _break(by: User, today: dt.date) -> None:
    spell = Spell.objects.in_post_on(today).order_by("started_on", "person__reference").first()
    employment.add_break(
        spell=spell,
        by=by,
        kind=BreakKind.PARENTAL,
        starts_on=today - dt.timedelta(60),
        ends_on=today + dt.timedelta(200),
    )


def _learning(workers: list[Person], by: User, today: dt.date) -> None:
    """What workers log for themselves; the peer worker who signs in also has words of their own."""
    for person in workers:
        account = User.objects.create_user(email=person.email, name=str(person))
        RoleGrant.objects.create(user=account, role="peer_worker", starts_on=today)
        people.link_account(person=person, email=account.email, by=by)
    own = Person.objects.get(user__email="peer@example.org")
    for person in Person.objects.filter(pk__in=[own.pk, *(one.pk for one in workers)]):
        for topic, hours, days in LEARNED[: 3 if person == own else 1]:
            learning.log(
                person=person,
                by=person.user,
                learned_on=today - dt.timedelta(days),
                hours=hours,
                topic=topic,
                hours_shared=True,
            )
    _own_words(own, today)


def _own_words(own: Person, today: dt.date) -> None:
    for text, share in ADJUSTMENTS:
        own_words.write(Adjustment, person=own, by=own.user, day=today, share=share, text=text)
    for text, target, reached in GOALS:
        own_words.write(
            DevelopmentGoal,
            person=own,
            by=own.user,
            day=today - dt.timedelta(120),
            share=True,
            text=text,
            step=None,
            target_on=today + dt.timedelta(target),
            reached_on=reached and today + dt.timedelta(reached),
        )
