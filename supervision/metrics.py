"""Supervision's figures as one list of metrics, exact or as they may be published.

Published counts stand in one table with the number of people in post, which the dashboard prints
too, and with all that a reader could work out from two of them; see `programme.disclosure`.
"""

from dataclasses import replace
from typing import NamedTuple

from programme.disclosure import Published, Rule, publish, published_average
from programme.funnel import Part
from programme.metrics import DAYS, Metric, share
from programme.publishing import JointTable
from supervision.figures import KindFigures, Load, SupervisionFigures
from supervision.models import SessionStatus

COMPLIANCE, DELIVERY, LOSS = "compliance", "delivery", "supervisor_loss"
LOAD, OPEN, OPEN_DAYS, DONE_DAYS = "load", "actions_open", "actions_open_days", "actions_done_days"
BY_KIND = (COMPLIANCE, DELIVERY, LOSS)
PEOPLE_AN_HOUR, NUMBER = "people_an_hour", "number"
IN_POST = "in post"
MOST_SITES = 20  # published; the audit of more would keep the reader waiting


class OfKind(NamedTuple):
    """One metric, and the kind, site or team that it is of; each empty where it is of all."""

    metric: Metric
    kind: str = ""
    site: str = ""
    team: str = ""


def exact(found: SupervisionFigures) -> list[OfKind]:
    """Every metric, exact: of all, kind by kind, then by site and by team."""
    load, loads, actions = found.load, found.loads, found.actions
    return [
        *of_kinds(found.kinds),
        OfKind(_load(load)),
        OfKind(Metric(OPEN, None, None, len(actions.open), NUMBER)),
        OfKind(Metric(OPEN_DAYS, None, len(actions.open), actions.median_open, DAYS)),
        OfKind(Metric(DONE_DAYS, None, len(actions.done), actions.median_done, DAYS)),
        *(OfKind(_load(one), kind=kind) for kind, one in loads.kinds.items()),
        *(row for site, kinds in found.sites.items() for row in of_kinds(kinds, site=site)),
        *(OfKind(_load(one), site=site) for site, one in loads.sites.items()),
        *(row for team, kinds in found.teams.items() for row in of_kinds(kinds, team=team)),
        *(OfKind(_load(one), team=team) for team, one in loads.teams.items()),
    ]


def of_kinds(kinds: list[KindFigures], **place: str) -> list[OfKind]:
    """The shares of each kind, of all or of a place."""
    return [
        OfKind(share(key, _part(kind, key)), kind.name, **place)
        for key in BY_KIND
        for kind in kinds
    ]


def _load(load: Load) -> Metric:
    hours = float(load.hours) or None
    return Metric(LOAD, load.people if hours else None, hours, load.value, PEOPLE_AN_HOUR)


def _part(kind: KindFigures, key: str) -> Part:
    return {COMPLIANCE: kind.compliance, DELIVERY: kind.delivery, LOSS: kind.lost}[key]


# --- Published ------------------------------------------------------------------------------------


def published(found: SupervisionFigures, rule: Rule) -> list[OfKind]:
    """The same metrics, of what is shown and no more: by site where there are not too many to make
    sure of, and of no team, since teams are of few people."""
    if len(found.sites) > MOST_SITES:
        found = replace(found, sites={}, loads=found.loads._replace(sites={}))
    shown = _table(found, rule)
    kinds = {kind.name: kind.key for kind in found.kinds}
    rows = []
    for one in exact(found):
        if one.team:
            continue
        if one.metric.key in BY_KIND:
            metric = _published_share(one.metric, shown, kinds[one.kind], one.site)
        else:
            metric = _published_other(one, found, rule)
        rows.append(one._replace(metric=metric))
    return rows


def _table(found: SupervisionFigures, rule: Rule) -> Published:
    """Everything counted, as it may be shown: people and sessions of each kind are tables of their
    own, since no sum joins them. Where the people in post cannot stand beside the rest, who sees
    them on the dashboard could tell the rest: then nothing is shown."""
    tables = [
        table
        for kind in found.kinds
        for places in [_places(kind, found)]
        for table in (_people(kind.key, places, found.in_post), _sessions(kind.key, places))
    ]
    counts = {name: count for table in tables for name, count in table.counts.items()}
    parts = [
        publish(table.counts, table.sums, derived=table.derived, rule=rule).shown
        for table in tables
    ]
    if any(part.get(IN_POST, 0) is None for part in parts):
        return Published({name: n if n == 0 else None for name, n in counts.items()}, rule)
    return Published({name: shown for part in parts for name, shown in part.items()}, rule)


def _places(kind: KindFigures, found: SupervisionFigures) -> dict[str, KindFigures]:
    """A kind as it is everywhere, under no name, and at each site."""
    sites = found.sites.items()
    return {"": kind} | {site: one for site, kinds in sites for one in kinds if one.key == kind.key}


def _name(count: str, key: str, site: str = "") -> str:
    """What a count of a kind is called, at a site or at all of them."""
    return f"{count} {key} at {site}" if site else f"{count} {key}"


def _people(key: str, places: dict[str, KindFigures], in_post: int) -> JointTable:
    """Those who were owed a kind and those who had it."""
    table = JointTable()
    table.add(IN_POST, in_post)
    for site, one in places.items():
        eligible, compliant = _name("eligible", key, site), _name("compliant", key, site)
        table.add(eligible, one.eligible)
        table.add(compliant, one.compliant)
        table.within(eligible, compliant, rest=_name("late", key, site))
    table.within(IN_POST, _name("eligible", key), rest=_name("not eligible", key))
    return _with_lines(table, key, places, "eligible", "compliant")


def _sessions(key: str, places: dict[str, KindFigures]) -> JointTable:
    """What became of the sessions of a kind."""
    table = JointTable()
    for site, one in places.items():
        planned, settled = _name("planned", key, site), _name("settled", key, site)
        attended, lost = _name("attended", key, site), _name("lost", key, site)
        table.add(planned, one.planned)
        table.add(settled, one.settled)
        table.within(planned, settled, rest=_name("not settled", key, site))
        table.add(attended, one.sessions[SessionStatus.ATTENDED])
        table.add(lost, one.lost.part)
        table.within(settled, attended, lost, rest=_name("others", key, site))
    return _with_lines(table, key, places, "planned", "settled", "attended", "lost")


def _with_lines(table: JointTable, key: str, places: dict, *counts: str) -> JointTable:
    """With each count of all sites as the sum of those of each."""
    for count in counts if len(places) > 1 else ():
        table.line(_name(count, key), *(_name(count, key, site) for site in places if site))
    return table


PARTS = {
    COMPLIANCE: ("compliant", "eligible"),
    DELIVERY: ("attended", "settled"),
    LOSS: ("lost", "planned"),
}


def _published_share(metric: Metric, shown: Published, key: str, site: str) -> Metric:
    part, whole = (_name(name, key, site) for name in PARTS[metric.key])
    if shown[whole] == 0:
        return metric._replace(numerator=0, denominator=0, value=None)
    if shown[part] is None or shown[whole] is None:
        return _hidden(metric)
    value = shown.share(part, whole)
    return metric._replace(numerator=shown[part], denominator=shown[whole], value=value)


def _published_other(one: OfKind, found: SupervisionFigures, rule: Rule) -> Metric:
    """Load of ten supervisors and more; counts by the rule; medians of ten actions and more."""
    metric = one.metric
    if metric.value is None or metric.value == 0:
        return metric
    if metric.key == LOAD:
        return _published_load(metric, _whose(one, found), rule)
    if metric.key == OPEN:
        count = int(metric.value)
        return _hidden(metric) if rule.hides(count) else metric._replace(value=rule.rounded(count))
    of = int(metric.denominator)
    value = published_average(metric.value, of, rule=rule)
    if value is None:
        return _hidden(metric)
    return metric._replace(denominator=rule.rounded(of), value=value)


def _whose(one: OfKind, found: SupervisionFigures) -> Load:
    if one.kind:
        return found.loads.kinds[one.kind]
    return found.loads.sites[one.site] if one.site else found.load


def _published_load(metric: Metric, load: Load, rule: Rule) -> Metric:
    if load.supervisors < rule.smallest_base or rule.hides(load.people):
        return _hidden(metric)
    return metric._replace(numerator=None, denominator=None, value=round(metric.value, 1))


def _hidden(metric: Metric) -> Metric:
    return metric._replace(numerator=None, denominator=None, value=None, hidden=True)
