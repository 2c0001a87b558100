"""To whom in post which kind is owed on a day, and who is up to date, read packed.

It is what `supervision.due.Facts` knows, of thousands of people in a tenth of the time. Each part
is kept until one of its tables changes, so that after a change of a post no session is read again.
"""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max, QuerySet
from django.db.models.functions import TruncDate

from programme.arrays import Column, np
from programme.columns import FIRST_DAY, NEVER, Posts, day_number
from programme.kept import Keeping, kept_parts
from programme.models import CareerBreak, Spell
from programme.statements import ids_of, read
from supervision.columns import LONG_AGO, Duties, InPost, duties_on
from supervision.compliance import (
    Away,
    Held,
    Standard,
    away_altogether,
    is_away_on,
    standards_of_role,
)
from supervision.due import OWED, midnight_after
from supervision.models import Session, SupervisionKind, SupervisionStandard

BREAK = ("starts_on", "ends_on")
# Ids and numbers packed as in `programme.statements`: posts in the order of `PACKED`, and the day
# of the last session of each person and kind.
POSTS = """
    SELECT
        string_agg(uuid_send(person), ''),
        string_agg(uuid_send(spell), ''),
        string_agg(uuid_send(coalesce(step, '00000000-0000-0000-0000-000000000000')), ''),
        string_agg(
            int4send(started_on - DATE '1970-01-01')
            || int4send(coalesce(ended_on, DATE '9999-12-31') - DATE '1970-01-01'),
            ''
        )
    FROM ({posts}) AS posts (person, spell, step, started_on, ended_on)
"""
PACKED = [("started", ">i4"), ("ended", ">i4")]
ATTENDED = """
    SELECT
        string_agg(uuid_send(person), ''),
        string_agg(uuid_send(kind), ''),
        string_agg(int4send(last - DATE '1970-01-01'), '')
    FROM ({attended}) AS attended (person, kind, last)
"""


class Kind(NamedTuple):
    """What is to be known of a kind."""

    pk: UUID
    key: str
    name: str


@dataclass(frozen=True, eq=False)
class Owed:
    """People by their ids, and for each kind the duty to each of them."""

    ids: Column
    kinds: list[Kind]
    duties: list[Duties]

    @property
    def people(self) -> list[UUID]:
        return [_uuid(one) for one in self.ids.tolist()]


def read_owed(people: QuerySet, day: dt.date, asked: tuple, keeping: Keeping | None) -> Owed:
    """The duty to these people, who are in post on the day, in five queries; `asked` names them."""
    kinds, standards, breaks, attended, posts = kept_parts(
        keeping,
        {
            ("supervision kinds",): _kinds,
            ("supervision standards",): _standards,
            ("supervision breaks",): _breaks,
            ("supervision attended", day): lambda: read(ATTENDED, attended=_attended(day)),
            ("supervision posts", *asked): lambda: read(POSTS, posts=_posts(people, day)),
        },
    )
    held, spells = _held(posts)
    ids, steps = np.array(held.people, dtype="S16"), [*map(_uuid, held.abouts), None]
    in_post = _in_post(held, spells, breaks, day)
    last = _last(ids, attended)
    duties = []
    for kind in kinds:
        of_all = standards.get((kind.pk, None), [])
        own = (standards.get((kind.pk, step), []) if step else [] for step in steps)
        of_steps = [standards_of_role(one, of_all) for one in own]
        duties.append(duties_on(day, in_post, of_steps, last[kind.pk]))
    return Owed(ids, kinds, duties)


def _kinds() -> list[Kind]:
    return [Kind(*row) for row in SupervisionKind.objects.values_list("pk", "key", "name")]


def _standards() -> dict[tuple[UUID, UUID | None], list[Standard]]:
    """By kind and step."""
    found = defaultdict(list)
    for kind, step, *standard in SupervisionStandard.objects.order_by().values_list(*OWED):
        found[kind, step].append(Standard(*standard))
    return dict(found)


def _breaks() -> list[tuple]:
    rows = CareerBreak.objects.order_by()
    return [(spell.bytes, *days) for spell, *days in rows.values_list("spell_id", *BREAK)]


def _attended(day: dt.date) -> QuerySet:
    rows = Session.objects.attended().filter(starts_at__lt=midnight_after(day)).order_by()
    return rows.values_list("person_id", "kind_id").annotate(last=TruncDate(Max("starts_at")))


def _posts(people: QuerySet, day: dt.date) -> QuerySet:
    rows = Spell.objects.filter(person__in=people, started_on__lte=day).order_by()
    return rows.values_list("person_id", "pk", "step_id", "started_on", "ended_on")


def _held(packed: tuple) -> tuple[Posts, Column]:
    """Posts held, of which the step is known, and their own ids."""
    persons, spells, steps, days = packed
    people, person = np.unique(ids_of(persons), return_inverse=True)
    abouts, about = np.unique(ids_of(steps), return_inverse=True)
    rows = np.frombuffer(days or b"", dtype=PACKED)
    started, ended = (rows[name].astype(int) for name in ("started", "ended"))
    hours = np.full(len(rows), np.nan)
    held = Posts(people.tolist(), person, started, ended, abouts.tolist(), about, hours=hours)
    return held, ids_of(spells)


def _in_post(held: Posts, spells: Column, breaks: list[tuple], day: dt.date) -> InPost:
    stays = held.stays(day)
    stays = stays.where(stays.in_post_on(day))
    since = np.zeros(len(held.people), dtype=int)
    since[stays.person] = stays.started
    away, back = np.zeros(len(since), dtype=bool), np.full(len(since), LONG_AGO)
    for person, absences in _away(held, spells, breaks).items():
        away[person] = is_away_on(absences, day)
        ended = [one.until for one in absences if one.until and one.until <= day]
        back[person] = max(map(day_number, ended), default=LONG_AGO)
    return InPost(since, _steps(held, spells, day), away, back)


def _steps(held: Posts, spells: Column, day: dt.date) -> Column:
    """Where each person stands: by the post held that began last and has a step; the number after
    the last one where none has."""
    nowhere = np.array([not one for one in held.abouts], dtype=bool)
    order = np.lexsort((spells, held.started))
    order = order[held.in_post_on(day)[order] & ~nowhere[held.about[order]]]
    steps = np.full(len(held.people), len(held.abouts))
    steps[held.person[order]] = held.about[order]
    return steps


def _away(held: Posts, spells: Column, breaks: list[tuple]) -> dict[int, list[Away]]:
    """When those who ever had long leave were at work in no post."""
    places = {spell: place for place, spell in enumerate(spells.tolist())} if breaks else {}
    of_spell = defaultdict(list)
    for spell, *days in breaks:
        place = places.get(spell.rstrip(b"\0"))
        if place is not None:
            of_spell[place].append(Away(*days))
    people = {int(held.person[place]) for place in of_spell}
    posts = {person: np.flatnonzero(held.person == person).tolist() for person in people}
    return {
        person: away_altogether(
            [Held(*_days(held, place), away=of_spell.get(place, ())) for place in rows]
        )
        for person, rows in posts.items()
    }


def _days(held: Posts, place: int) -> tuple[dt.date, dt.date | None]:
    started, ended = int(held.started[place]), int(held.ended[place])
    ended_on = None if ended == NEVER else dt.date.fromordinal(ended + FIRST_DAY)
    return dt.date.fromordinal(started + FIRST_DAY), ended_on


def _last(ids: Column, packed: tuple) -> dict[UUID, Column]:
    """The day of each person's last attended session, by kind."""
    persons, kinds, days = ids_of(packed[0]), ids_of(packed[1]), packed[2]
    days = np.frombuffer(days or b"", dtype=">i4").astype(int)
    found = defaultdict(lambda: np.full(len(ids), LONG_AGO))
    if not len(ids):
        return found
    place = np.minimum(np.searchsorted(ids, persons), len(ids) - 1)
    known = ids[place] == persons
    for kind in np.unique(kinds).tolist():
        of_kind = known & (kinds == kind)
        found[_uuid(kind)][place[of_kind]] = days[of_kind]
    return found


def _uuid(key: bytes) -> UUID:
    """An id of which numpy has left the zeros at the end out."""
    return UUID(bytes=key.ljust(16, b"\0"))
