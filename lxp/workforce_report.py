"""The report a trust is really asked for about its peer workers, as PDF and as a workbook."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from design.charts import Table
from design.pdf import Block, Heading, Paragraph, Report
from lxp.board_report import INTERNAL_MARK, lines
from lxp.dashboard import RULE, Asked
from lxp.dashboard_words import written
from programme.charts import percent
from programme.disclosure import published_average
from programme.numbers import HIDDEN
from programme.workforce import (
    LEARNING,
    NOT_RECORDED,
    PEOPLE,
    STAYED,
    Workforce,
    published_workforce,
    read_workforce,
)

NOT_HELD = "Not held here: from the HR system"
NO_LINK = "Not held here: equality answers cannot be followed to an appointment"
NOT_HELD_ROWS = (
    ("Sickness days per whole-time equivalent", NOT_HELD),
    ("Share of sickness related to mental health", NOT_HELD),
    ("Number per directorate", NOT_HELD),
    ("Volunteers and other lived-experience roles without a post here", NOT_HELD),
    ("Training taken elsewhere", NOT_HELD),
    ("How likely groups are to be appointed (WRES 2, WDES 2)", NO_LINK),
)
COLUMNS = ("People", "Share")


@dataclass(frozen=True)
class Section:
    """One question of the report: its heading, what its words mean, and the answer."""

    heading: str
    definition: str
    table: Table


type Shown = Callable[[object], int | None]


def workforce_sections(asked: Asked) -> list[Section]:
    """The answers, exact or published; a hidden number is `*`."""
    found = read_workforce(asked.records, asked.filters.as_at)
    shown = (_published(asked, found) if asked.published else _exact(found)).__getitem__
    return [
        _people(found, shown, exact=not asked.published),
        *(_table(name, found, shown) for name in QUESTIONS),
        *([] if asked.published else [_teams(found)]),
        _progress(found, shown),
        _learning(found, shown),
        Section(
            "What is not held here",
            "LXP holds no sickness record and no HR file, on purpose. Ask who keeps them. A page "
            "of the dashboard works out WRES 2, WDES 2 and sickness absence from their counts, and "
            "keeps nothing.",
            Table("What is not held here", ("Figure", "Where it is"), NOT_HELD_ROWS),
        ),
    ]


def _published(asked: Asked, found: Workforce) -> dict:
    """What may be shown; what the dashboard of that day hides is hidden here as well."""
    shown = dict(published_workforce(found, rule=RULE).shown)
    if asked.shown["in post"] is None:
        return dict.fromkeys(shown)
    if asked.shown["in post then and now"] is None:
        shown |= dict.fromkeys([STAYED, *(("progress", name) for name in found.progress)])
    return shown


def _exact(found: Workforce) -> dict:
    counts: dict = {PEOPLE: found.people, LEARNING: found.learning_people}
    for table, numbers in (found.tables | {"progress": found.progress}).items():
        counts |= {(table, name): number for name, number in numbers.items()}
    return counts | {STAYED: sum(found.progress.values())}


QUESTIONS = {
    "contract": (
        "Contracts",
        "The contract recorded for the main post on the day. The share is of everybody in post.",
    ),
    "band": (
        "Pay bands",
        (
            f"The Agenda for Change band of the main post, as it is recorded now. “{NOT_RECORDED}” "
            "also stands for posts outside the bands."
        ),
    ),
    "training": (
        "Training",
        (
            "Whether somebody completed the training of this programme, and whether by their first "
            "day in any post here or after it. Training taken elsewhere is not held here."
        ),
    ),
    "site": ("Sites", "The site of the team of the main post."),
    "employer": ("Employers", "Who employs for the main post: the trust or a partner."),
}


def _cell(number: int | None) -> int | str:
    return HIDDEN if number is None else number


def _share(part: int | None, whole: int | None) -> str:
    if part is None or whole is None:
        return HIDDEN
    return percent(part / whole if whole else None)


def _people(found: Workforce, shown: Shown, *, exact: bool) -> Section:
    rows = [("People in post", _cell(shown(PEOPLE)))]
    if exact:
        wte = "Unknown: hours are missing" if found.wte is None else f"{found.wte:,.2f}"
        rows.append(("Whole-time equivalent", wte))
    return Section(
        "Peer workers in post",
        "People with a post on the day, each once, by their main post: the one with most hours, or "
        "the older of two alike. Career breaks and maternity count as in post. 1.00 whole-time "
        "equivalent is 37.5 hours a week.",
        Table("Peer workers in post", ("Figure", "Number"), rows),
    )


def _table(name: str, found: Workforce, shown: Shown) -> Section:
    heading, definition = QUESTIONS[name]
    whole = shown(PEOPLE)
    rows = [
        (row, _cell(shown((name, row))), _share(shown((name, row)), whole))
        for row in found.tables[name]
    ]
    rows.append(("All", _cell(whole), _share(whole, whole)))
    return Section(heading, definition, Table(heading, (heading, *COLUMNS), rows))


def _teams(found: Workforce) -> Section:
    rows = [(f"{team}, {site}", number) for (site, team), number in found.teams.items()]
    return Section(
        "Teams",
        "The team of the main post. Teams are small: this table is in internal reports only.",
        Table("Teams", ("Team", "People"), rows or [("No team", 0)]),
    )


def _progress(found: Workforce, shown: Shown) -> Section:
    whole = shown(STAYED)
    rows = [
        (row, _cell(shown(("progress", row))), _share(shown(("progress", row)), whole))
        for row in found.progress
    ]
    rows.append(("All", _cell(whole), _share(whole, whole)))
    return Section(
        "Progress in twelve months",
        "Of people in post both on the day and twelve months before. Moved up is a main post with "
        "a higher band, or a later step of the same pathway.",
        Table("Progress in twelve months", ("What became of them", *COLUMNS), rows),
    )


def _learning(found: Workforce, shown: Shown) -> Section:
    """Of ten people or more and rounded, in an internal report too: that is what people are told
    who let their hours be counted."""
    people, counted, mean = found.learning_people, shown(LEARNING), None
    if people < RULE.smallest_base:
        counted = None
    if counted is not None:
        counted = RULE.rounded(counted)
        mean = published_average(found.learning_hours / people, people, rule=RULE)
    rows = [
        ("People who let their hours be counted", _cell(counted)),
        ("Hours each, on average", _cell(mean)),
    ]
    return Section(
        "Learning in twelve months",
        "Hours that people in post logged for themselves in the twelve months up to the day, and "
        "chose to have counted, from ten people up and rounded. Who did not is not in these "
        "figures, so they are no measure of anybody's learning.",
        Table("Learning in twelve months", ("Figure", "Number"), rows),
    )


# --- As a document and as a workbook --------------------------------------------------------------


def workforce_report(asked: Asked) -> Report:
    """The report as a document."""
    day = asked.filters.as_at
    blocks: list[Block] = []
    for section in workforce_sections(asked):
        blocks += [
            Heading(section.heading),
            Paragraph(section.definition, with_next=True),
            section.table,
        ]
    return Report(
        title=f"Peer workers: workforce report as at {written(day)}",
        author=settings.ORGANISATION_NAME,
        description="Numbers of peer workers by contract, band, training, place and progress.",
        day=day,
        lines=lines(asked),
        mark="" if asked.published else INTERNAL_MARK,
        blocks=blocks,
    )


def workforce_sheets(asked: Asked) -> list[tuple[str, Table]]:
    """The report as sheets of a workbook, the first of which says what the others mean."""
    sections = workforce_sections(asked)
    about = [("As at", asked.filters.as_at), *(("Figures", line) for line in lines(asked))]
    about += [(section.heading, section.definition) for section in sections]
    first = Table("About", ("What", "What it means"), about)
    if not asked.published:
        first = Table(INTERNAL_MARK, ("What", INTERNAL_MARK), about)
    return [("About", first), *((section.heading, section.table) for section in sections)]
