"""The group results of a month, from the check-ins that their authors put in."""

import datetime as dt
from fractions import Fraction

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from programme.disclosure import Rule
from programme.models import Spell
from programme.retention import add_months
from questionnaires.definition import Definition, Kind, questions
from questionnaires.models import QuestionnaireVersion
from wellbeing.groups import Result, Scores, result_of, results_by
from wellbeing.models import CheckIn


def rule_in_force() -> Rule:
    """The rule with the base that this installation was set to."""
    return Rule(smallest_base=settings.SMALLEST_WELLBEING_BASE)


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
    ranges, rule = ranges_of(definition), rule_in_force()
    everybody = result_of([scores for _, scores in people], ranges, rule=rule)
    return everybody, results_by(people, ranges, rule=rule)


def _sites(recorded: dict, month: dt.date) -> dict:
    """The one site of each person: that of the post held last in a month, else the record's."""
    end = add_months(month, 1)
    held = Spell.objects.filter(person__in=recorded, started_on__lt=end).order_by("started_on")
    return recorded | dict(held.values_list("person", "post__team__site"))
