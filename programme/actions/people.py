"""What a lead does with people, their accounts, employers and teams."""

import datetime as dt

from django.core.exceptions import NON_FIELD_ERRORS

from accounts.actions import notify
from accounts.models import NoticeKind, Site, User
from programme.actions.saving import NotSaved, add, change, locked, require_site, writing
from programme.models import Employer, Person, Team

LINKED_ALREADY = "This account is linked to another person's record."
NOT_LINKED = (
    "No account can be linked by this address. If the person has no account yet, an administrator "
    "can invite them; if they have one, ask a lead of every site."
)


def add_person(
    *, by: User, reference: str, first_name: str, last_name: str, email: str, site: Site | None
) -> Person:
    """Add a person; a lead of one site can only add people to it.

    Raises:
        NotSaved: the reference belongs to somebody else.
        NotYours: the site is not one of the lead's.
    """
    require_site(by, site)
    person = Person(
        reference=reference, first_name=first_name, last_name=last_name, email=email, site=site
    )
    return add(person, by=by)


def change_person(*, person: Person, by: User, version: str, **values) -> Person:
    """Change names, reference, email or site; the site only to one of the lead's own.

    Raises:
        ChangedMeanwhile: somebody else changed the person since `version` was read.
        NotSaved: the reference belongs to somebody else.
        NotYours: the site is not one of the lead's.
    """
    if "site" in values:
        require_site(by, values["site"])
    return change(person, by=by, version=version, values=values)


def link_account(*, person: Person, email: str, by: User) -> Person:
    """Let the account with an address read this person's record as its own.

    Nobody links their own: that record shows everything, and no look at it is recorded. A lead
    learns nothing of accounts by trying addresses: one without an account is answered like one
    whose account is that of somebody they may not see.

    Raises:
        NotSaved: it is the lead's own account, the person has another, or there is none to link.
        NotYours: the person's own site is not one of the lead's.
    """
    if email == by.email:
        raise NotSaved({"email": ["Ask another lead to link your own account."]})
    with writing(by):
        current = locked(person)
        require_site(by, current.site)
        account = User.objects.filter(email=email, is_active=True).first()
        if current.user_id and (account is None or account.pk != current.user_id):
            raise NotSaved({"email": ["Another account is linked to this person already."]})
        if current.user_id:
            return current
        if refusal := _why_not_linked(account, by):
            raise NotSaved({"email": [refusal]})
        current.user = account
        current.save(update_fields=["user"])
    return current


def _why_not_linked(account: User | None, by: User) -> str:
    others = Person.objects.filter(user=account) if account else Person.objects.none()
    if account and not others:
        return ""
    return LINKED_ALREADY if others.visible_to(by).exists() else NOT_LINKED


def unlink_account(*, person: Person, by: User, at: dt.datetime) -> Person:
    """Take the record away from the account that reads it as its own, which is told of it.

    Nobody unlinks their own: from then on they could decide what is about themselves.

    Raises:
        NotSaved: it is the lead's own account.
        NotYours: the person's own site is not one of the lead's.
    """
    with writing(by):
        current = locked(person)
        require_site(by, current.site)
        if current.user_id == by.pk:
            raise NotSaved({NON_FIELD_ERRORS: ["Ask another lead to unlink your own account."]})
        if former := current.user:
            notify(user=former, kind=NoticeKind.RECORD_UNLINKED, at=at)
        current.user = None
        current.save(update_fields=["user"])
    return current


def add_employer(*, by: User, name: str, kind: str) -> Employer:
    """Add an employer, for all sites.

    Raises:
        NotSaved: there is one with this name.
    """
    return add(Employer(name=name, kind=kind), by=by)


def change_employer(*, employer: Employer, by: User, version: str, **values) -> Employer:
    """Change an employer, which belongs to every site: so it needs a role for all of them.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, None)
    return change(employer, by=by, version=version, values=values)


def add_team(*, by: User, name: str, site: Site, **supervision) -> Team:
    """Add a team to a site.

    Args:
        supervision: who supervises its peer workers and since when trained, by field name.

    Raises:
        NotSaved: the site has one with this name.
        NotYours: the site is not one of the lead's.
    """
    require_site(by, site)
    return add(Team(name=name, site=site, **supervision), by=by)


def change_team(*, team: Team, by: User, version: str, **values) -> Team:
    """Rename a team or move it to another of the lead's sites.

    Raises:
        ChangedMeanwhile, NotSaved, NotYours: see `programme.actions.saving`.
    """
    require_site(by, team.site)
    require_site(by, values.get("site", team.site))
    return change(team, by=by, version=version, values=values)
