"""Probation, long breaks and moves: what is foreseen, what is recorded, and what follows."""

import datetime as dt

import pytest

from programme.actions.saving import OWN
from programme.models import CareerBreak, PathwayStep, ProbationReview, Spell
from programme.probation import reviews_until, usual_probation_end
from programme.retention import Held, stays
from tests.factories import (
    CareerBreakFactory,
    PathwayStepFactory,
    PersonFactory,
    PostFactory,
    ProbationReviewFactory,
    SpellFactory,
)
from tests.programme.importing import bring_in, refusals
from tests.programme.pages import boxes, sent_by

START = dt.date(2022, 6, 1)


def day(month: int, of: int = 1, year: int = 2022) -> dt.date:
    return dt.date(year, month, of)


# --- Dates ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("term_ends", "ends"),
    [
        (None, day(12)),
        (day(9), day(7)),  # three months
        (day(9, 2), day(9)),  # a day more
        (day(12), day(9)),
        (day(3, 1, 2023), day(10)),
        (day(6, 1, 2023), day(12)),
    ],
)
def test_a_fixed_term_has_a_shorter_probation(term_ends, ends):
    assert usual_probation_end(START, term_ends) == ends


def test_reviews_fall_due_at_one_three_and_six_months_and_are_scaled():
    assert reviews_until(START, day(12)) == [
        (1, day(7), False),
        (3, day(9), False),
        (6, day(12), True),
    ]
    assert [review.month for review in reviews_until(START, day(10))] == [1, 2, 4]
    assert reviews_until(dt.date(2022, 1, 31), day(2, 28)) == [(1, day(2, 28), True)]
    assert reviews_until(START, day(10, 15)) == [
        (1, day(7), False),
        (3, day(9), False),
        (5, day(10, 15), True),
    ]


# --- Probation ------------------------------------------------------------------------------------


def due(spell: Spell) -> list[tuple]:
    return list(spell.reviews.values_list("due_on", "is_final", "outcome"))


@pytest.mark.django_db
def test_a_new_spell_foresees_its_reviews_once_and_a_changed_start_moves_them(lead_client):
    person, post = PersonFactory(), PostFactory()
    new = f"/people/{person.pk}/posts/add/"
    data = sent_by(
        lead_client, new, post=str(post.pk), usual_probation="on", **boxes("started_on", START)
    )
    for _ in range(2):
        assert lead_client.post(new, data).status_code == 302
    spell = Spell.objects.get()
    assert due(spell) == [(day(7), False, ""), (day(9), False, ""), (day(12), True, "")]
    edit = f"/people/{person.pk}/posts/{spell.pk}/"
    changed = sent_by(lead_client, edit, **boxes("probation_ends_on", day(9)))
    lead_client.post(edit, changed)
    assert due(spell) == [(day(7), False, ""), (day(8), False, ""), (day(9), True, "")]


def review(client, kept: ProbationReview, **sent) -> object:
    page = f"/people/{kept.spell.person_id}/reviews/{kept.pk}/"
    return client.post(page, sent_by(client, page, **sent))


@pytest.mark.django_db
def test_a_final_review_extends_and_the_next_confirms(lead_client):
    spell = SpellFactory(started_on=START, probation_ends_on=day(12))
    final = ProbationReviewFactory(spell=spell, month=6, due_on=day(12), is_final=True)
    held = boxes("held_on", day(12, 5))
    assert review(lead_client, final, outcome="extended", **held).context["form"].errors == {
        "extended_to": ["Give a new end of probation after this review."]
    }
    until = day(3, 1, 2023)
    review(lead_client, final, outcome="extended", **held, **boxes("extended_to", until))
    assert due(spell) == [(day(12), True, "extended"), (until, True, "")]
    last = spell.reviews.get(due_on=until)
    review(lead_client, last, outcome="passed", **boxes("held_on", until))
    spell.refresh_from_db()
    assert (spell.probation_ends_on, due(spell)[-1]) == (until, (until, True, "passed"))


@pytest.mark.django_db
def test_nobody_records_their_own_review(lead, lead_client):
    spell = SpellFactory(started_on=START, person__user=lead)
    kept = ProbationReviewFactory(spell=spell, month=6, due_on=day(12), is_final=True)
    answer = review(lead_client, kept, outcome="passed", **boxes("held_on", day(12)))
    assert "Somebody else records what is about you" in answer.text
    assert due(spell) == [(day(12), True, "")]


@pytest.mark.django_db
def test_a_review_is_not_held_tomorrow_and_an_early_one_does_not_confirm(lead_client):
    early = ProbationReviewFactory(spell__started_on=START, spell__probation_ends_on=day(12))
    answer = review(lead_client, early, outcome="passed", **boxes("held_on", dt.date(2099, 1, 1)))
    assert set(answer.context["form"].errors) == {"held_on", "outcome"}


@pytest.mark.django_db
def test_nobody_records_their_own_time_in_post_a_move_or_a_break(lead, lead_client):
    spell = SpellFactory(started_on=START, person__user=lead, contracted_hours="20")
    pause = CareerBreakFactory(spell=spell, starts_on=day(9))
    own, there = f"/people/{spell.person_id}/", f"/people/{spell.person_id}/posts/{spell.pk}/"
    other = str(PostFactory().pk)
    for page, sent in (
        (f"{own}posts/add/", {"post": other, **boxes("started_on", day(9))}),
        (there, {"contracted_hours": "37.5"}),
        (f"{there}end/", boxes("ended_on", day(10))),
        (f"{there}move/", {"post": other, **boxes("on", day(10))}),
        (f"{there}break/", {"kind": "parental", **boxes("starts_on", day(1))}),
        (f"{own}breaks/{pause.pk}/", boxes("ends_on", day(11))),
    ):
        answer = lead_client.post(page, sent_by(lead_client, page, **sent))
        assert answer.context["form"].errors == {"__all__": [OWN]}, page
    for page in (f"{there}remove/", f"{own}breaks/{pause.pk}/remove/"):
        assert OWN in lead_client.post(page, follow=True).text
    shown = lead_client.get(own).text
    assert "Another lead records your time in post" in shown
    assert [words for words in ("Record leaving", "posts/add/") if words in shown] == []
    kept = Spell.objects.get()
    assert (kept.contracted_hours, kept.ended_on, kept.breaks.count()) == (20, None, 1)


@pytest.mark.django_db
def test_nobody_imports_their_own_time_in_post(lead):
    spell = SpellFactory(started_on=START, person__user=lead, contracted_hours="20")
    row = {"reference": spell.person.reference, "last_name": spell.person.last_name}
    row |= {"post": spell.post.title, "started_on": f"{START:%d/%m/%Y}"}
    assert refusals(bring_in(row, by=lead)) == []
    for more in ({"contracted_hours": "37.5"}, {"post": "Another", "started_on": "01/02/2023"}):
        assert refusals(bring_in(row | more, by=lead)) == [(2, "post")]


# --- Long breaks ----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_break_is_recorded_once_and_ended_while_the_person_stays_in_post(lead_client):
    spell = SpellFactory(started_on=START)
    new = f"/people/{spell.person_id}/posts/{spell.pk}/break/"
    assert "counts" in lead_client.get(new).text or "count" in lead_client.get(new).text
    data = {"kind": "parental", **boxes("starts_on", day(9)), **boxes("ends_on", None)}
    for _ in range(2):
        lead_client.post(new, data)
    pause = CareerBreak.objects.get()
    edit = f"/people/{spell.person_id}/breaks/{pause.pk}/"
    lead_client.post(edit, sent_by(lead_client, edit, **boxes("ends_on", day(11))))
    assert [
        event.what for event in lead_client.get(f"/people/{spell.person_id}/").context["events"]
    ][1:] == [
        "Long break begins: Maternity, adoption or parental leave",
        "First day back from a long break",
    ]
    assert Spell.objects.in_post_on(day(10)).count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [(day(5), None, "starts_on"), (day(9), day(9), "ends_on"), (day(8), day(10), "starts_on")],
)
def test_a_break_that_cannot_be_is_refused(lead_client, starts, ends, field):
    spell = SpellFactory(started_on=START)
    CareerBreakFactory(spell=spell, starts_on=day(9))
    new = f"/people/{spell.person_id}/posts/{spell.pk}/break/"
    data = {"kind": "other", **boxes("starts_on", starts), **boxes("ends_on", ends)}
    assert list(lead_client.post(new, data).context["form"].errors) == [field]


# --- Moves ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_promotion_is_one_act_and_one_stay(lead_client):
    first = PathwayStepFactory(position=1, band="3")
    senior = PathwayStepFactory(pathway=first.pathway, position=2, role="Senior", band="4")
    spell = SpellFactory(
        started_on=START, step=first, contract="permanent", probation_ends_on=day(12)
    )
    ProbationReviewFactory(spell=spell, month=6, due_on=day(12), is_final=True)
    CareerBreakFactory(spell=spell, starts_on=day(9))
    post = PostFactory()
    page = f"/people/{spell.person_id}/posts/{spell.pk}/move/"
    data = sent_by(lead_client, page, post=str(post.pk), **boxes("on", day(10)))
    assert data["step"] == str(senior.pk)
    for _ in range(2):
        assert lead_client.post(page, data).status_code == 302
    old, new = Spell.objects.order_by("started_on")
    assert (old.ended_on, new.started_on, new.post, new.step) == (day(10), day(10), post, senior)
    assert (new.contract, new.probation_ends_on) == ("permanent", day(12))
    assert due(new) == [(day(12), True, "")]
    assert list(CareerBreak.objects.values_list("spell", "starts_on", "ends_on")) == [
        (old.pk, day(9), day(10)),
        (new.pk, day(10), None),
    ]
    held = [Held(one.person_id, one.started_on, one.ended_on) for one in (old, new)]
    assert [(stay.started_on, stay.ended_on) for stay in stays(held, day(12))] == [(START, None)]
    events = lead_client.get(f"/people/{spell.person_id}/").context["events"]
    assert "Moved on from the post" in " ".join(event.what for event in events)
    assert not lead_client.get("/leavers/").context["page"].object_list


@pytest.mark.django_db
def test_a_move_from_what_somebody_has_ended_meanwhile_is_told(lead_client):
    spell = SpellFactory(started_on=START)
    page = f"/people/{spell.person_id}/posts/{spell.pk}/move/"
    data = sent_by(lead_client, page, post=str(PostFactory().pk), **boxes("on", day(10)))
    Spell.objects.filter(pk=spell.pk).update(ended_on=day(8))
    assert "Somebody else changed" in lead_client.post(page, data).text
    assert Spell.objects.count() == 1
    assert not PathwayStep.objects.exists()
