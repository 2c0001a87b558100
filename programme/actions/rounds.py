"""What a lead does with rounds of recruitment and the templates they begin from."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import ProtectedError

from accounts.models import Site, User
from programme.actions.saving import NotSaved, add, change, locked, remove, require_site, writing
from programme.models import (
    ALWAYS,
    ENDED,
    Cohort,
    Post,
    Round,
    RoundQuestion,
    RoundStage,
    RoundState,
    StageKind,
    StageTemplate,
    TemplateStage,
)

# What a template begins with; the steps between *applied* and the ends are the lead's own.
BEGINNING = (StageKind.APPLIED,)
END = (StageKind.APPOINTED, StageKind.ON_HOLD, StageKind.NOT_SELECTED, StageKind.WITHDREW)

type Stage = RoundStage | TemplateStage
type Ordered = RoundStage | TemplateStage | RoundQuestion


# --- Rounds ---------------------------------------------------------------------------------------


def add_round(
    *, by: User, template: StageTemplate, post: Post | None, cohort: Cohort | None, **values
) -> Round:
    """Prepare a round at the site of its post or cohort, with stages copied from a template.

    Raises:
        NotSaved: the values contradict each other.
        NotYours: the post or cohort is not at one of the lead's sites.
    """
    site = _site_of(post, cohort)
    require_site(by, site)
    with writing(by):
        locked(site)  # a form that is sent twice queues here, and the second finds the first
        made = add(Round(site=site, post=post, cohort=cohort, **values), by=by)
        if not made.stages.exists():
            RoundStage.objects.bulk_create(
                RoundStage(
                    round=made,
                    kind=stage.kind,
                    name=stage.name,
                    position=stage.position,
                    expected_on=_expected(made, stage.days_after_closing),
                )
                for stage in template.stages.all()
            )
    return made


def _site_of(post: Post | None, cohort: Cohort | None) -> Site:
    site = post.team.site if post else cohort and cohort.site
    if site is None:
        raise NotSaved({"cohort": ["This cohort has no site. Give it one first."]})
    return site


def _expected(made: Round, days: int | None) -> dt.date | None:
    return None if days is None else made.closes_on + dt.timedelta(days=days)


def change_round(*, changed: Round, by: User, version: str, **values) -> Round:
    """Change what a round is for, says or asks; the steps' dates move with its closing date.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
        NotSaved: it would move to another site after people have applied.
    """
    require_site(by, changed.site)
    site = _site_of(values["post"], values["cohort"])
    require_site(by, site)
    with writing(by):
        current = locked(changed)
        if site != current.site and current.applicants.exists():
            field = "post" if values["post"] else "cohort"
            raise NotSaved({field: ["People have applied at the site it is at. Choose one there."]})
        later = values["closes_on"] - current.closes_on
        saved = change(changed, by=by, version=version, values=values | {"site": site})
        if later:
            _move_expected(saved, later)
    return saved


def _move_expected(moved: Round, later: dt.timedelta) -> None:
    for stage in moved.stages.filter(expected_on__isnull=False):
        stage.expected_on += later
        stage.save(update_fields=["expected_on"])


def publish_round(*, published: Round, by: User, on: dt.date) -> Round:
    """Let people apply from the opening day on; again after it was closed.

    Raises:
        NotSaved: the closing day has passed.
        NotYours: it is not at one of the lead's sites.
    """
    require_site(by, published.site)
    with writing(by):
        current = locked(published)
        if current.closes_on < on:
            raise NotSaved({NON_FIELD_ERRORS: ["The closing date has passed. Change it first."]})
        if current.state != RoundState.PUBLISHED:
            current.state, current.closed_on = RoundState.PUBLISHED, None
            current.published_on = current.published_on or on
            current.save(update_fields=["state", "closed_on", "published_on"])
    return current


def close_round(*, closed: Round, by: User, on: dt.date) -> Round:
    """Take no more applications; what has been begun is kept and can no longer be sent.

    Raises:
        NotYours: it is not at one of the lead's sites.
    """
    require_site(by, closed.site)
    with writing(by):
        current = locked(closed)
        if current.state == RoundState.PUBLISHED:
            current.state, current.closed_on = RoundState.CLOSED, on
            current.save(update_fields=["state", "closed_on"])
    return current


# --- Templates ------------------------------------------------------------------------------------


def add_template(*, by: User, name: str, site: Site | None) -> StageTemplate:
    """Make a template with the stages that every round has.

    Raises:
        NotSaved: the site has one with this name.
        NotYours: the site is not one of the lead's; without a site, only a lead of all may.
    """
    require_site(by, site)
    with writing(by):
        made = add(StageTemplate(name=name, site=site), by=by)
        if not made.stages.exists():
            TemplateStage.objects.bulk_create(
                TemplateStage(template=made, kind=kind, name=kind.label, position=position)
                for position, kind in enumerate((*BEGINNING, *END), start=1)
            )
    return made


def change_template(*, template: StageTemplate, by: User, version: str, **values) -> StageTemplate:
    """Raises: ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`."""
    require_site(by, template.site)
    require_site(by, values.get("site", template.site))
    return change(template, by=by, version=version, values=values)


# --- Stages and questions, each in an order -------------------------------------------------------


def add_in_order(*, new: Ordered, by: User, after: Ordered | None) -> Ordered:
    """Add a stage or a question behind another of the same round or template.

    Raises:
        NotSaved: it contradicts another, or people have begun to apply and it is a question.
        NotYours: not at one of the lead's sites.
    """
    with writing(by):
        owner = locked(_owner(new))
        require_site(by, owner.site)
        others = _siblings(new)
        new.position = len(others) + 1
        made = add(new, by=by)
        _renumber(_siblings(made), made, after)
    return made


def change_in_order(
    *, changed: Ordered, by: User, version: str, after: Ordered | None, **values
) -> Ordered:
    """Change a stage or a question, or its place in the order.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    with writing(by):
        owner = locked(_owner(changed))
        require_site(by, owner.site)
        saved = change(changed, by=by, version=version, values=values)
        if not isinstance(saved, RoundQuestion) and saved.kind in ALWAYS:
            return saved
        _renumber(_siblings(saved), saved, after)
    return saved


def remove_in_order(*, removed: Ordered, by: User) -> None:
    """Remove a stage or a question that nobody has reached or answered.

    Raises:
        NotSaved: somebody has, or every round has this stage.
        NotYours: not at one of the lead's sites.
    """
    require_site(by, _owner(removed).site)
    if not isinstance(removed, RoundQuestion) and removed.kind in ALWAYS:
        raise NotSaved({NON_FIELD_ERRORS: ["Every round has this stage."]})
    try:
        remove(removed, by=by)
    except NotSaved as refusal:
        if not isinstance(refusal.__cause__, ProtectedError):
            raise
        used = "Applicants have been at this stage or answered this question: it stays."
        raise NotSaved({NON_FIELD_ERRORS: [used]}) from refusal


def _owner(part: Ordered) -> Round | StageTemplate:
    return part.template if isinstance(part, TemplateStage) else part.round


def _siblings(part: Ordered) -> list:
    rows = _owner(part)
    rows = rows.questions if isinstance(part, RoundQuestion) else rows.stages
    return list(rows.select_for_update().order_by("position", "id"))


def _renumber(rows: list, moved: Ordered, after: Ordered | None) -> None:
    """Number the rows anew with the moved one behind another; at the front without one."""
    rest = [row for row in rows if row.pk != moved.pk]
    place = next((i for i, row in enumerate(rest, start=1) if after and row.pk == after.pk), 0)
    if not isinstance(moved, RoundQuestion):
        ends = sum(row.kind in ENDED for row in rest)
        place = max(1, min(place, len(rest) - ends))  # behind *applied*, before the ends
    rest.insert(place, next(row for row in rows if row.pk == moved.pk))
    for position, row in enumerate(rest, start=1):
        if row.position != position:
            row.position = position
            row.save(update_fields=["position"])
