"""What a lead of every site does with pathways and their steps."""

from accounts.models import User
from programme.actions.saving import add, change, remove, require_site
from programme.models import Pathway, PathwayStep


def add_pathway(*, by: User, name: str) -> Pathway:
    """Add a pathway, for all sites.

    Raises:
        NotSaved: there is one with this name.
        NotYours: the lead's role is for one site.
    """
    require_site(by, None)
    return add(Pathway(name=name), by=by)


def change_pathway(*, pathway: Pathway, by: User, version: str, **values) -> Pathway:
    """Rename a pathway.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, None)
    return change(pathway, by=by, version=version, values=values)


def add_step(*, pathway: Pathway, by: User, **values) -> PathwayStep:
    """Add a step to a pathway.

    Raises:
        NotSaved: another step has its place.
        NotYours: the lead's role is for one site.
    """
    require_site(by, None)
    return add(PathwayStep(pathway=pathway, **values), by=by)


def change_step(*, step: PathwayStep, by: User, version: str, **values) -> PathwayStep:
    """Change a step: its role, band, criteria, goals or place.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, None)
    return change(step, by=by, version=version, values=values)


def remove_step(*, step: PathwayStep, by: User) -> None:
    """Take a step off its pathway; who stood on it keeps their post and loses the step.

    Raises:
        NotYours: the lead's role is for one site.
    """
    require_site(by, None)
    remove(step, by=by)
