"""The dashboard's counts as one published table, so that no two of its numbers tell a third.

Every page, file and picture in published mode takes its numbers from here: a count that is hidden
in one place is hidden in all. Names of counts are plain words; `derived` are those that nobody
prints but that a reader could work out from two that are.
"""

from django.conf import settings

from programme.disclosure import DEFAULT, Published, Rule, publish
from programme.disclosure_audit import Sum
from programme.funnel import Stage
from programme.kept import kept
from programme.measures import Measures
from programme.metrics import attrition
from programme.retention import Retention
from programme.summary import Summary, Year


def rule_in_force() -> Rule:
    """The rule with the threshold that this installation was set to."""
    return Rule(smallest_shown=settings.SMALLEST_PUBLISHED_COUNT)


def published_figures(measures: Measures, *, rule: Rule = DEFAULT) -> Published:
    """Every count behind the dashboard and the metrics, as it may be shown; kept by those counts,
    since of few people the audit takes longer than all else."""
    table = joint_table(measures)
    return kept(
        ("published", table.counts, table.sums, table.derived, rule),
        lambda: publish(table.counts, table.sums, derived=table.derived, rule=rule),
    )


def joint_table(measures: Measures) -> "JointTable":
    """Those counts, the ones that a reader could work out from them, and their sums."""
    table, summary = JointTable(), measures.summary
    _funnel(table, summary.stages)
    _today(table, summary)
    _retention(table, summary.staying.overall)
    _year(table, summary.year)
    _metrics(table, measures)
    return table


class JointTable:
    """A table in the making: what is added first is given up last."""

    def __init__(self):
        self.counts: dict[str, int] = {}
        self.derived: dict[str, int] = {}
        self.sums: list[Sum] = []

    def add(self, name: str, count: int) -> None:
        """A printed count."""
        self.counts[name] = count

    def within(self, whole: str, *parts: str, rest: str) -> None:
        """These counts are of different people in that one; the rest are counted too, since a
        reader can work them out."""
        known = self.counts | self.derived
        left = known[whole] - sum(known[part] for part in parts)
        if left < 0:  # the records overlap: nothing can be worked out
            return
        self.derived[rest] = left
        self.sums.append(Sum(whole, (*parts, rest)))

    def line(self, whole: str, *parts: str) -> None:
        """A line of a printed table: these counts, and that one as their total."""
        self.sums.append(Sum(whole, parts, printed=True))


def _funnel(table: JointTable, stages: list[Stage]) -> None:
    for stage in stages:
        table.add(stage.stage, stage.people)
    _, commenced, _, employed, stayed = stages
    table.within("commenced", "completed", rest="commenced, not completed")
    table.add("applied and commenced", commenced.of_previous.part)
    table.within("applied", "applied and commenced", rest="applied, not commenced")
    table.within("commenced", "applied and commenced", rest="commenced, not applied")
    table.add("commenced and employed", employed.of_commenced.part)
    table.within("commenced", "commenced and employed", rest="commenced, not employed")
    table.within("employed", "commenced and employed", rest="employed, not commenced")
    table.add("completed and employed", employed.of_previous.part)
    table.within("completed", "completed and employed", rest="completed, not employed")
    table.within("employed", "completed and employed", rest="employed, not completed")
    table.within("commenced and employed", "completed and employed", rest="employed untimely")
    table.add("employed 24 months ago", stayed.of_previous.whole)
    table.within("employed", "employed 24 months ago", rest="employed since")
    table.within("employed 24 months ago", "in_post_24_months", rest="left within 24 months")
    table.add("commenced and in post after 24 months", stayed.of_commenced.part)
    table.within(
        "in_post_24_months", "commenced and in post after 24 months", rest="stayed, not commenced"
    )
    table.within(
        "commenced and employed", "commenced and in post after 24 months", rest="trained, not yet"
    )


def _today(table: JointTable, summary: Summary) -> None:
    table.add("in training", summary.in_training)
    table.within("commenced", "in training", rest="commenced, not in training")
    table.within("commenced", "in training", "completed", rest="did not complete")
    table.add("in post", summary.in_post.people)
    table.within("employed", "in post", rest="employed, not in post")


def _retention(table: JointTable, overall: Retention) -> None:
    table.add("stays", overall.n)
    table.add("stays ended", overall.left)
    table.within("stays", "stays ended", rest="stays going on")
    table.within("stays", "employed", rest="stays of those who came back")
    before = "stays"
    for one in overall.milestones:
        eligible, stayed = f"eligible {one.months}", f"stayed {one.months}"
        table.add(eligible, one.eligible)
        table.within(before, eligible, rest=f"too new for {one.months}")
        table.add(stayed, one.in_post)
        table.within(eligible, stayed, rest=f"gone by {one.months}")
        before = eligible


def _year(table: JointTable, year: Year) -> None:
    table.add("in post a year ago", year.stable.whole)
    table.add("in post then and now", year.stable.part)
    table.within("in post a year ago", "in post then and now", rest="gone within the year")
    table.within("in post", "in post then and now", rest="joined within the year")
    table.add("left in year", year.left)
    table.within("stays ended", "left in year", rest="left before")
    table.add("long serving", year.long_serving.part)
    table.within("in post then and now", "long serving", rest="came back within the year")
    table.within("in post", "long serving", rest="in post for less than a year")


def _metrics(table: JointTable, measures: Measures) -> None:
    did_not_complete, commenced = attrition(measures.ended)
    table.add("commenced closed", commenced)
    table.within("commenced", "commenced closed", rest="commenced in open cohorts")
    table.add("did not complete closed", did_not_complete)
    table.within("commenced closed", "did not complete closed", rest="others of closed cohorts")
    table.add("hired in year", len(measures.days_to_hire))
    posts = measures.summary.establishment
    if posts is not None:
        table.add("in funded posts", posts.people)
        table.within("in post", "in funded posts", rest="in posts without funding")
