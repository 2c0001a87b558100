"""Supervision's figures as one list of metrics, exact or as they may be published.

Published counts stand in one table with the number of people in post, which the dashboard prints
too, and with all that a reader could work out from two of them; see `programme.disclosure`.
"""

from typing import NamedTuple

from programme.disclosure import Published, Rule, publish, published_average
from programme.funnel import Part
from programme.metrics import DAYS, Metric, share
from programme.publishing import JointTable
from supervision.figures import KindFigures, SupervisionFigures
from supervision.models import SessionStatus

COMPLIANCE, DELIVERY, LOSS = "compliance", "delivery", "supervisor_loss"
LOAD, OPEN, OPEN_DAYS, DONE_DAYS = "load", "actions_open", "actions_open_days", "actions_done_days"
BY_KIND = (COMPLIANCE, DELIVERY, LOSS)
PEOPLE_AN_HOUR, NUMBER = "people_an_hour", "number"
IN_POST = "in post"


class OfKind(NamedTuple):
    """One metric, and the kind that it is of; no kind where it is of all."""

    metric: Metric
    kind: str = ""


def exact(found: SupervisionFigures) -> list[OfKind]:
    """Every metric, exact, kind by kind."""
    by_kind = [
        OfKind(share(key, _part(kind, key)), kind.name) for key in BY_KIND for kind in found.kinds
    ]
    load, actions = found.load, found.actions
    hours = float(load.hours) or None
    return [
        *by_kind,
        OfKind(Metric(LOAD, load.people if hours else None, hours, load.value, PEOPLE_AN_HOUR)),
        OfKind(Metric(OPEN, None, None, len(actions.open), NUMBER)),
        OfKind(Metric(OPEN_DAYS, None, len(actions.open), actions.median_open, DAYS)),
        OfKind(Metric(DONE_DAYS, None, len(actions.done), actions.median_done, DAYS)),
    ]


def _part(kind: KindFigures, key: str) -> Part:
    return {COMPLIANCE: kind.compliance, DELIVERY: kind.delivery, LOSS: kind.lost}[key]


# --- Published ------------------------------------------------------------------------------------


def published(found: SupervisionFigures, rule: Rule) -> list[OfKind]:
    """The same metrics, of what is shown and no more."""
    shown = _table(found, rule)
    kinds = {kind.name: kind.key for kind in found.kinds}
    rows = []
    for metric, kind in exact(found):
        if kind:
            metric = _published_share(metric, shown, kinds[kind])
        else:
            metric = _published_other(metric, found, rule)
        rows.append(OfKind(metric, kind))
    return rows


def _table(found: SupervisionFigures, rule: Rule) -> Published:
    """Everything counted, as it may be shown. Where the people in post cannot stand beside the
    rest, who sees them on the dashboard could tell the rest: then nothing is shown."""
    table = JointTable()
    table.add(IN_POST, found.in_post)
    for kind in found.kinds:
        key, attended = kind.key, kind.sessions[SessionStatus.ATTENDED]
        table.add(f"eligible {key}", kind.eligible)
        table.within(IN_POST, f"eligible {key}", rest=f"not eligible {key}")
        table.add(f"compliant {key}", kind.compliant)
        table.within(f"eligible {key}", f"compliant {key}", rest=f"late {key}")
        table.add(f"planned {key}", kind.planned)
        table.add(f"settled {key}", kind.settled)
        table.within(f"planned {key}", f"settled {key}", rest=f"not settled {key}")
        table.add(f"attended {key}", attended)
        table.add(f"lost {key}", kind.lost.part)
        table.within(f"settled {key}", f"attended {key}", f"lost {key}", rest=f"others {key}")
    shown = publish(table.counts, table.sums, derived=table.derived, rule=rule)
    if shown[IN_POST] is None:
        return Published({name: n if n == 0 else None for name, n in table.counts.items()}, rule)
    return shown


PARTS = {
    COMPLIANCE: ("compliant", "eligible"),
    DELIVERY: ("attended", "settled"),
    LOSS: ("lost", "planned"),
}


def _published_share(metric: Metric, shown: Published, key: str) -> Metric:
    part, whole = (f"{name} {key}" for name in PARTS[metric.key])
    if shown[whole] == 0:
        return metric._replace(numerator=0, denominator=0, value=None)
    if shown[part] is None or shown[whole] is None:
        return _hidden(metric)
    value = shown.share(part, whole)
    return metric._replace(numerator=shown[part], denominator=shown[whole], value=value)


def _published_other(metric: Metric, found: SupervisionFigures, rule: Rule) -> Metric:
    """Load of ten supervisors and more; counts by the rule; medians of ten actions and more."""
    if metric.value is None or metric.value == 0:
        return metric
    if metric.key == LOAD:
        if found.load.supervisors < rule.smallest_base or rule.hides(found.load.people):
            return _hidden(metric)
        return metric._replace(numerator=None, denominator=None, value=round(metric.value, 1))
    if metric.key == OPEN:
        count = int(metric.value)
        return _hidden(metric) if rule.hides(count) else metric._replace(value=rule.rounded(count))
    of = int(metric.denominator)
    value = published_average(metric.value, of, rule=rule)
    if value is None:
        return _hidden(metric)
    return metric._replace(denominator=rule.rounded(of), value=value)


def _hidden(metric: Metric) -> Metric:
    return metric._replace(numerator=None, denominator=None, value=None, hidden=True)
