"""The group results of a month, from the check-ins that their authors put in."""

import datetime as dt
from fractions import Fraction

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from programme.disclosure import Rule
from programme.models import Spell
from programme.retention import add_months
from questionnaires.definition import Definition, Kind, questions
from questionnaires.models import QuestionnaireVersion
from wellbeing.groups import Result, Scores, result_of, results_by
from wellbeing.models import CheckIn, Rhythm

WORKED_OUT_ON = 4  # day of the next month: until then one can put in or leave out a check-in


def rule_in_force(*promised: int) -> Rule:
    """The rule with the base that this installation was set to, or a larger one that was promised
    to somebody when they put a check-in in."""
    return Rule(smallest_base=max(settings.SMALLEST_WELLBEING_BASE, *promised, 0))


def worked_out_on(month: dt.date) -> dt.date:
    """The day from which the results of a month are worked out."""
    return add_months(month, 1).replace(day=WORKED_OUT_ON)


def is_open_for_groups(check_in: CheckIn, day: dt.date) -> bool:
    """Whether its author can still decide on a day whether it is part of group results."""
    return day < worked_out_on(timezone.localdate(check_in.finished_at).replace(day=1))


def asked_in(month: dt.date) -> int:
    """How many people, who can sign in, wanted to be asked by the end of a month."""
    rhythms = Rhythm.objects.linked().filter(account__is_active=True)
    return rhythms.filter(
        Q(begun_on__lt=add_months(month, 1)) | Q(begun_on=None, settled_on__lt=add_months(month, 1))
    ).count()


def check_ins_of(month: dt.date) -> QuerySet[CheckIn]:
    """Those that were finished in a month, in local time, and that their authors put in."""
    zone = timezone.get_default_timezone()
    since, until = (
        dt.datetime.combine(day, dt.time(), tzinfo=zone) for day in (month, add_months(month, 1))
    )
    rows = CheckIn.objects.filter(in_groups=True, finished_at__gte=since, finished_at__lt=until)
    return rows.select_related("person").order_by("person", "finished_at")


def ranges_of(definition: Definition) -> dict[str, tuple[Fraction, Fraction]]:
    """The lowest and the highest score of each question that has a mean."""
    found = {}
    for item in questions(definition):
        scores = [Fraction(option.score) for option in item.options if option.score is not None]
        if item.kind == Kind.SCALE and len(set(scores)) > 1:
            found[item.link_id] = (min(scores), max(scores))
    return found


def scores_of(definition: Definition, answers: dict) -> Scores:
    """One person's answers as numbers; without what is not answered or has no number."""
    found = {}
    for item in questions(definition):
        option = item.option(answers.get(item.link_id))
        if option and option.score is not None:
            found[item.link_id] = Fraction(option.score)
    return found


def results_of(
    version: QuestionnaireVersion, month: dt.date
) -> tuple[Result, dict[object, Result]]:
    """What is written of everybody, and of each site where every site has enough people.

    Of each person the last check-in of the month counts.
    """
    last = {row.person_id: row for row in check_ins_of(month).filter(version=version)}
    definition = version.definition
    sites = _sites({row.person_id: row.person.site_id for row in last.values()}, month)
    people = [(sites[person], scores_of(definition, row.answered)) for person, row in last.items()]
    ranges = ranges_of(definition)
    rule = rule_in_force(*(row.least_people for row in last.values()))
    everybody = result_of([scores for _, scores in people], ranges, rule=rule)
    return everybody, results_by(people, ranges, rule=rule)


def _sites(recorded: dict, month: dt.date) -> dict:
    """The one site of each person: that of the post held last in a month, else the record's."""
    end = add_months(month, 1)
    going_on = Q(ended_on__isnull=True) | Q(ended_on__gt=month)
    held = Spell.objects.filter(going_on, person__in=recorded, started_on__lt=end)
    held = held.order_by("started_on")
    return recorded | dict(held.values_list("person", "post__team__site"))
