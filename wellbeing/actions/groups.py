"""Working out the group results of a month, once."""

import datetime as dt

from django.db import transaction

from programme.retention import add_months
from questionnaires.models import CHECK_IN, QuestionnaireVersion
from wellbeing.group_reads import asked_in, results_of, rule_in_force, worked_out_on
from wellbeing.groups import Result
from wellbeing.models import GroupDone, GroupMean, GroupMonth


class NotWorkedOut(Exception):  # noqa: N818
    """A questionnaire could not be worked out; only the kind of mistake is told, for its words may
    hold an answer."""

    may_be_told = True


def work_out(day: dt.date) -> None:
    """Work out the results of the month just over, once its authors have decided. May run twice."""
    month = add_months(day.replace(day=1), -1)
    if day >= worked_out_on(month):
        work_out_month(month)


def work_out_month(month: dt.date) -> None:
    """Look through each questionnaire once, whatever comes of it: what is put in late changes
    nothing. One that cannot be worked out does not keep the others back.

    Raises:
        ExceptionGroup: of `NotWorkedOut`, after all the others are done.
    """
    wrong = []
    for version in QuestionnaireVersion.objects.published().select_related("questionnaire"):
        try:
            with transaction.atomic():
                _, is_new = GroupDone.objects.get_or_create(version=version, month=month)
                if is_new and not GroupMonth.objects.filter(version=version, month=month).exists():
                    _work_out(version, month)
        except Exception as error:  # noqa: BLE001  told below, when the others are done
            wrong.append(NotWorkedOut(f"{version.questionnaire.key}: {type(error).__name__}"))
    if wrong:
        raise ExceptionGroup(f"Group results of {month:%B %Y}", wrong)


def _work_out(version: QuestionnaireVersion, month: dt.date) -> None:
    everybody, by_site = results_of(version, month)
    if everybody.people is None:
        return
    is_own = version.questionnaire.key == CHECK_IN
    asked = rule_in_force().rounded(asked_in(month)) if is_own else None
    _write(version, month, None, everybody, asked)
    for site, result in by_site.items():
        _write(version, month, site, result, None)


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
