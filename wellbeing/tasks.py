"""What the worker does for well-being. Every task may run twice."""

from celery import shared_task
from django.utils import timezone

from programme.publishing import rule_in_force
from wellbeing.actions import burden, checkins, groups, leaving, plan, sharing


@shared_task(name="wellbeing.work_out_groups")
def work_out_groups() -> None:
    """The group results of a month that is over."""
    groups.work_out(timezone.localdate())


@shared_task(name="wellbeing.drop_unfinished")
def drop_unfinished() -> None:
    """What was begun and never finished, or typed and never saved, is kept no longer."""
    checkins.drop_unfinished(timezone.now())
    plan.drop_typed(timezone.now())


@shared_task(name="wellbeing.let_go")
def let_go() -> None:
    """Private things of people who have left are kept for a while, then deleted."""
    leaving.let_go(timezone.localdate())


@shared_task(name="wellbeing.count_burden")
def count_burden() -> None:
    """What weighs on teams is counted when a quarter is over."""
    burden.count_quarter(timezone.localdate(), rule_in_force())


@shared_task(name="wellbeing.end_lapsed")
def end_lapsed() -> None:
    """What somebody may read no longer has an end."""
    sharing.end_lapsed(timezone.now())
