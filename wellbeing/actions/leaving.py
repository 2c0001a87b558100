"""Private things of people who have left: noticed, kept for a while, then deleted."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from programme.models import Person
from wellbeing.leaving import has_left_by, private_kinds
from wellbeing.models import Leaving, SetAside


def let_go(day: dt.date) -> int:
    """Notice who has left and who is back, and delete what was kept long enough. May run twice.

    Returns how many people's private things are past their day.
    """
    delete_on = day + dt.timedelta(days=settings.PRIVATE_KEPT_DAYS)
    with transaction.atomic():
        _let_go_of_aside(day, delete_on)
        left = has_left_by(day)
        Leaving.objects.exclude(person__in=left).delete()
        Leaving.objects.filter(switched_off=True, person__user__is_active=True).delete()
        Leaving.objects.bulk_create(
            [
                Leaving(person_id=pk, noticed_on=day, delete_on=delete_on)
                for pk in left.filter(leaving__isnull=True).values_list("pk", flat=True)
            ],
            ignore_conflicts=True,
        )
        Leaving.objects.filter(person__user__is_active=False).update(switched_off=True)
        over = Person.objects.filter(pk__in=left.values("pk"), leaving__delete_on__lte=day)
        for kind in private_kinds():
            for model in kind.models:
                kind.delete(model.objects.of_people(over))
        return over.count()


def _let_go_of_aside(day: dt.date, delete_on: dt.date) -> None:
    """The same for what was written under an account that is linked no more."""
    tables = [(kind, model) for kind in private_kinds() for model in kind.models]
    aside = {pair for _, model in tables for pair in model.objects.set_aside().writers()}
    for row in SetAside.objects.all():
        if (row.person_id, row.account_id) not in aside:
            row.delete()
        elif row.delete_on <= day:
            for kind, model in tables:
                kind.delete(model.objects.under(row.person_id, row.account_id))
    SetAside.objects.bulk_create(
        [SetAside(person_id=one, account_id=who, delete_on=delete_on) for one, who in aside],
        ignore_conflicts=True,
    )
