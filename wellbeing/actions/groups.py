"""Working out the group results of a month, once."""

import datetime as dt

from django.db import IntegrityError, transaction

from programme.retention import add_months
from questionnaires.models import QuestionnaireVersion
from wellbeing.group_reads import check_ins_of, results_of, rule_in_force
from wellbeing.groups import Result
from wellbeing.models import GroupMean, GroupMonth, Rhythm

WORKED_OUT_ON = 4  # day of the next month: until then one can put in or leave out a check-in
MONTHS_BACK = 3  # that are worked out late, after a stop of the service


def work_out(day: dt.date) -> None:
    """Work out the results of months that are over and not worked out yet. May run twice."""
    for back in range(1, MONTHS_BACK + 1):
        month = add_months(day.replace(day=1), -back)
        if day >= add_months(month, 1).replace(day=WORKED_OUT_ON):
            work_out_month(month)


def work_out_month(month: dt.date) -> None:
    """Work out one month, whatever day it is; a month that is there already stays as it is."""
    for version in _answered_in(month):
        if GroupMonth.objects.filter(version=version, month=month).exists():
            continue
        everybody, by_site = results_of(version, month)
        if everybody.people is None:
            continue
        asked = rule_in_force().rounded(Rhythm.objects.count())
        try:
            with transaction.atomic():
                _write(version, month, None, everybody, asked)
                for site, result in by_site.items():
                    _write(version, month, site, result, None)
        except IntegrityError:
            if not GroupMonth.objects.filter(version=version, month=month).exists():
                raise  # it was not another worker who was quicker


def _answered_in(month: dt.date) -> list[QuestionnaireVersion]:
    versions = check_ins_of(month).order_by().values("version")
    return list(QuestionnaireVersion.objects.filter(pk__in=versions))


def _write(
    version: QuestionnaireVersion, month: dt.date, site, result: Result, asked: int | None
) -> None:
    row = GroupMonth.objects.create(
        version=version, month=month, site_id=site, people=result.people, asked=asked
    )
    GroupMean.objects.bulk_create(
        GroupMean(
            month=row,
            question=question,
            people=mean.people,
            value=float(mean.value),
            end=mean.end,
        )
        for question, mean in result.means.items()
    )
