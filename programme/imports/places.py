"""Where a row's post is: site, team, employer and the post itself, found or added.

A post needs all three. What a sheet does not say is looked up where only one answer is possible,
and is otherwise recorded as “Not stated”, never guessed.
"""

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from programme.imports.book import Book, Draft, Record, Refused, key

NOT_STATED = "Not stated"
NOT_YOURS = "This is not at one of your sites."
NOT_HERE = "This reference cannot be used here. Ask a lead of every site."
_NHS = re.compile(r"\bNHS\b", re.IGNORECASE)
type Names = dict[str, str]  # key → the name as it is written


@dataclass
class Known:
    """Places named anywhere, in the records or in the file, so that a blank cell can be filled.

    Attributes:
        team_sites: team → the sites that have one of that name.
        post_employers: (title, team, site) → the employers of that post.
    """

    team_sites: dict[str, Names] = field(default_factory=dict)
    post_employers: dict[tuple[str, str, str], Names] = field(default_factory=dict)

    def team(self, team: str, site: str) -> None:
        self.team_sites.setdefault(key(team), {}).setdefault(key(site), site)

    def post(self, title: str, team: str, site: str, employer: str) -> None:
        at = (key(title), key(team), key(site))
        self.post_employers.setdefault(at, {}).setdefault(key(employer), employer)


@dataclass(frozen=True)
class Setting:
    """What holds for a whole plan.

    Attributes:
        today: decides which days are still to come.
        sites: ids of the sites whoever imports may work at; `None` for all.
    """

    today: dt.date
    known: Known
    sites: frozenset[uuid.UUID] | None = None


def known_places(
    book: Book, rows: Iterable[Mapping[str, str]], sites: frozenset[uuid.UUID] | None
) -> Known:
    """Every place in the records within one's sites, and every one that a row names in full."""
    known = Known()
    for record in book.records["team"].values():
        if sites is None or record.fields["site_id"] in sites:
            known.team(name_of(record), name_of(book.by_id[record.fields["site_id"]]))
    for record in book.records["post"].values():
        names = post_names(book.by_id.__getitem__, record)
        known.post(names["post"], names["team"], names["site"], names["employer"])
    for row in rows:
        post, team, site = (row.get(name, "").strip() for name in ("post", "team", "site"))
        if team and site:
            known.team(team, site)
            if post and (employer := row.get("employer", "").strip()):
                known.post(post, team, site, employer)
    return known


def name_of(record: Record) -> str:
    return str(record.fields["name"])


def post_names(record_of: Callable[[uuid.UUID], Record], post: Record) -> dict[str, str]:
    """A post in words: post, team, site and employer."""
    team = record_of(post.fields["team_id"])
    return {
        "post": str(post.fields["title"]),
        "team": name_of(team),
        "site": name_of(record_of(team.fields["site_id"])),
        "employer": name_of(record_of(post.fields["employer_id"])),
    }


def site_of(draft: Draft, setting: Setting) -> Record | None:
    """The site a row names, or the only one with its team; `None` where it names neither."""
    name = draft.value("site")
    if name is None and draft.value("team") and draft.value("post"):
        name = _site_of_team(draft, setting)
    return _site(draft, setting, name) if name else None


def _site_of_team(draft: Draft, setting: Setting) -> str:
    team = draft.value("team")
    named = setting.known.team_sites.get(key(team), {})
    stated = [name for at, name in named.items() if at != key(NOT_STATED)]
    if len(stated) == 1:
        return stated[0]
    if stated:
        raise Refused("site", f"More than one site has a team “{team}”. Say which site it is.")
    raise Refused("site", f"Say which site the team “{team}” is at.")


def _site(draft: Draft, setting: Setting, name: str) -> Record:
    site = draft.find("site", key(name))
    if setting.sites is not None and (site is None or site.id not in setting.sites):
        raise Refused("site", NOT_YOURS)
    return site or draft.create("site", (key(name),), name=name)


def post_of(draft: Draft, setting: Setting, site: Record | None) -> Record:
    """The post a row names, added with its site, team and employer where they are missing."""
    if site is None:
        if setting.sites is not None:
            raise Refused("site", "Say at which of your sites this post is.")
        site = _site(draft, setting, NOT_STATED)
    team_name = draft.value("team") or NOT_STATED
    team = draft.find("team", key(team_name), site.id) or draft.create(
        "team", (key(team_name), site.id), name=team_name, site_id=site.id
    )
    employer = _employer(draft, setting, site, team)
    title = draft.value("post")
    at = (key(title), team.id, employer.id)
    return draft.find("post", *at) or draft.create(
        "post", at, title=title, team_id=team.id, employer_id=employer.id, band=""
    )


def _employer(draft: Draft, setting: Setting, site: Record, team: Record) -> Record:
    name = draft.value("employer") or _employer_of_post(draft, setting, site, team)
    return draft.find("employer", key(name)) or draft.create(
        "employer", (key(name),), name=name, kind="nhs" if _NHS.search(name) else "other"
    )


def _employer_of_post(draft: Draft, setting: Setting, site: Record, team: Record) -> str:
    title = draft.value("post")
    at = (key(title), key(name_of(team)), key(name_of(site)))
    named = setting.known.post_employers.get(at, {})
    stated = [name for at, name in named.items() if at != key(NOT_STATED)]
    if len(stated) > 1:
        raise Refused("employer", f"More than one employer has the post “{title}”. Say which.")
    return stated[0] if stated else NOT_STATED
