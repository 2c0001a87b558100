"""What a lead for all sites does with programmes, their versions and what these ask."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.core.exceptions import NON_FIELD_ERRORS

from accounts.models import User
from programme.actions.saving import (
    NotSaved,
    add,
    change,
    locked,
    remove,
    require_site,
    version_of,
    writing,
)
from programme.models import (
    CompetenceDomain,
    CoveredDomain,
    ProgrammeVersion,
    Requirement,
    TrainingProgramme,
)

ASKS_NOTHING = "Add at least one requirement before you publish this version."


def add_programme(*, by: User, name: str, description: str) -> TrainingProgramme:
    """Add a training programme; programmes belong to no site.

    Raises:
        NotSaved: there is one with this name.
        NotYours: the lead's role is limited to a site, here and in every function below.
    """
    require_site(by, None)
    return add(TrainingProgramme(name=name, description=description), by=by)


def change_programme(
    *, programme: TrainingProgramme, by: User, version: str, **values
) -> TrainingProgramme:
    """Change a programme's name or description.

    Raises:
        ChangedMeanwhile, NotSaved: see `programme.actions.saving`.
    """
    require_site(by, None)
    return change(programme, by=by, version=version, values=values)


def add_version(
    *,
    programme: TrainingProgramme,
    by: User,
    starts_on: dt.date,
    hours: Decimal | None,
    domains: Iterable[CompetenceDomain],
) -> ProgrammeVersion:
    """Begin the next version of a programme, as a draft that asks what the one before it asked.

    A draft that is there already with the same date and hours is returned as it is.

    Raises:
        NotSaved: the hours cannot be.
    """
    require_site(by, None)
    with writing(by):
        locked(programme)
        before = programme.versions.order_by("-number").first()
        if before and not before.is_published and _is_same(before, starts_on, hours):
            return before
        draft = ProgrammeVersion(
            programme=programme,
            number=before.number + 1 if before else 1,
            starts_on=starts_on,
            hours=hours,
        )
        draft = add(draft, by=by)
        _cover(draft, domains)
        for asked in before.requirements.all() if before else ():
            Requirement.objects.create(
                version=draft,
                kind=asked.kind,
                name=asked.name,
                description=asked.description,
                amount=asked.amount,
                position=asked.position,
            )
    return draft


def change_version(
    *,
    draft: ProgrammeVersion,
    by: User,
    version: str,
    domains: Iterable[CompetenceDomain],
    **values,
) -> ProgrammeVersion:
    """Change a draft's date, hours or domains.

    Raises:
        ChangedMeanwhile: see `programme.actions.saving`.
        NotSaved: it is published, or the hours cannot be.
    """
    require_site(by, None)
    with writing(by):
        current = change(draft, by=by, version=version, values=values)
        _cover(current, domains)
    return current


def publish_version(*, draft: ProgrammeVersion, by: User, day: dt.date) -> ProgrammeVersion:
    """Let cohorts follow a version, which does not change from then on.

    Raises:
        NotSaved: it asks nothing of a trainee.
    """
    require_site(by, None)
    with writing(by):
        current = locked(draft)
        if current.is_published:
            return current
        if not current.requirements.exists():
            raise NotSaved({NON_FIELD_ERRORS: [ASKS_NOTHING]})
    return change(current, by=by, version=version_of(current), values={"published_on": day})


def add_requirement(*, draft: ProgrammeVersion, by: User, **values) -> Requirement:
    """Ask one thing more in a draft.

    Raises:
        NotSaved: the version is published, asks it already, or the amount does not fit the kind.
    """
    require_site(by, None)
    return add(Requirement(version=draft, **values), by=by)


def change_requirement(*, asked: Requirement, by: User, version: str, **values) -> Requirement:
    """Change what a draft asks.

    Raises:
        ChangedMeanwhile, NotSaved: as when one is added.
    """
    require_site(by, None)
    return change(asked, by=by, version=version, values=values)


def remove_requirement(*, asked: Requirement, by: User) -> None:
    """Ask it no more in a draft.

    Raises:
        NotSaved: the version is published.
    """
    require_site(by, None)
    remove(asked, by=by)


def _is_same(draft: ProgrammeVersion, starts_on: dt.date, hours: Decimal | None) -> bool:
    return (draft.starts_on, draft.hours) == (starts_on, hours)


def _cover(draft: ProgrammeVersion, domains: Iterable[CompetenceDomain]) -> None:
    """Make these, and no others, the domains of a draft."""
    covered = {row.domain_id: row for row in draft.covered_domains.all()}
    wanted = {domain.pk for domain in domains}
    for key in wanted - covered.keys():
        CoveredDomain.objects.create(version=draft, domain_id=key)
    for key in covered.keys() - wanted:
        covered[key].delete()
