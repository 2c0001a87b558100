"""How records are written: once, by somebody who may, and rightly when two save together."""

import datetime as dt
import threading

import pghistory.models
import pytest
from django.db import connection

from programme.actions import people, posts, recruitment, training
from programme.actions.saving import ChangedMeanwhile, NotSaved, NotYours, version_of
from programme.models import Enrolment, Person, Spell
from tests.factories import (
    ApplicationFactory,
    CohortFactory,
    EmployerFactory,
    EnrolmentFactory,
    PersonFactory,
    PostFactory,
    RoleGrantFactory,
    SiteFactory,
    SpellFactory,
    TeamFactory,
)

DAY = dt.date(2022, 6, 1)
NOBODY_ELSE = {"first_name": "", "email": "", "site": None}


@pytest.fixture
def by(db):
    return RoleGrantFactory(role="lead").user


# --- At the same moment ---------------------------------------------------------------------------


def at_once(*acts) -> list:
    """Do everything at the same moment, each in a thread; what each returned or raised."""
    results: list = [None] * len(acts)
    barrier = threading.Barrier(len(acts))

    def run(number, act):
        try:
            barrier.wait()
            results[number] = act()
        except NotSaved as refusal:
            results[number] = refusal.problems
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_overlapping_spells_saved_at_once_make_one_and_a_clear_message(by):
    person, post = PersonFactory(), PostFactory()

    def save(started_on):
        return lambda: posts.add_spell(
            person=person, by=by, post=post, started_on=started_on, contracted_hours=None
        )

    results = at_once(save(DAY), save(DAY + dt.timedelta(1)))

    assert Spell.objects.count() == 1
    assert [result for result in results if isinstance(result, dict)] == [
        {"started_on": ["This person is already in this post over that period."]}
    ]


@pytest.mark.django_db(transaction=True)
def test_one_form_sent_twice_at_once_makes_one_record_that_both_arrive_at(by):
    person, cohort = PersonFactory(), CohortFactory()

    def enrol():
        return training.enrol(
            person=person,
            by=by,
            cohort=cohort,
            commenced_on=DAY,
            outcome="active",
            outcome_on=None,
            outcome_reason=None,
        )

    def add():
        return people.add_person(by=by, reference="R1", last_name="One", **NOBODY_ELSE)

    assert set(at_once(enrol, enrol)) == {Enrolment.objects.get()}
    assert set(at_once(add, add, add)) == {Person.objects.get(reference="R1")}


@pytest.mark.django_db(transaction=True)
def test_two_people_with_one_reference_saved_at_once_make_one_and_a_clear_message(by):
    def add(name):
        return lambda: people.add_person(by=by, reference="R1", last_name=name, **NOBODY_ELSE)

    results = at_once(add("One"), add("Two"))

    assert Person.objects.count() == 1
    assert [result for result in results if isinstance(result, dict)] == [
        {"reference": ["There is already a person with this reference."]}
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_changes_at_once_one_is_told(by):
    person = PersonFactory()
    version = version_of(person)

    def change(name):
        def act():
            try:
                return people.change_person(person=person, by=by, version=version, last_name=name)
            except ChangedMeanwhile as told:
                return told.current.last_name

        return act

    results = at_once(change("One"), change("Two"))

    saved = Person.objects.get().last_name
    assert sorted(isinstance(result, Person) for result in results) == [False, True]
    assert saved in results


# --- One after another ----------------------------------------------------------------------------


def test_a_removed_record_cannot_be_changed(by):
    spell = SpellFactory()
    posts.remove_spell(spell=spell, by=by)
    posts.remove_spell(spell=spell, by=by)
    with pytest.raises(NotSaved, match="removed this record"):
        posts.change_spell(spell=spell, by=by, version=version_of(spell), destination="")


def test_a_spell_that_ended_on_the_day_it_began_is_saved_once(by):
    person, post = PersonFactory(), PostFactory()
    for _ in range(2):
        posts.add_spell(
            person=person,
            by=by,
            post=post,
            started_on=DAY,
            ended_on=DAY,
            contracted_hours=None,
        )
    assert Spell.objects.count() == 1


def test_history_names_the_author_outside_of_a_page_too(by):
    people.add_person(by=by, reference="R1", last_name="One", **NOBODY_ELSE)
    [event] = pghistory.models.Events.objects.references(Person.objects.get())
    assert event.pgh_context["user"] == str(by.pk)


def test_a_version_changes_with_every_stored_value():
    person = PersonFactory.build(email="")
    versions = {version_of(person)}
    for name, value in (("email", "a@example.org"), ("reference", "R2"), ("user_id", person.pk)):
        setattr(person, name, value)
        versions.add(version_of(person))
    assert len(versions) == 4


def test_nothing_is_written_at_a_site_that_a_lead_does_not_cover(db):
    own, other = SiteFactory(), SiteFactory()
    by = RoleGrantFactory(role="lead", site=own).user
    person, theirs = PersonFactory(site=own), CohortFactory(site=other)
    enrolment = EnrolmentFactory(person=person, cohort__site=own)
    application = ApplicationFactory(person=person, cohort=theirs)
    post = PostFactory(team__site=other)
    refused = [
        lambda: people.add_person(by=by, reference="R", last_name="X", **NOBODY_ELSE),
        lambda: people.change_person(person=person, by=by, version="", site=other),
        lambda: people.add_team(by=by, name="X", site=other),
        lambda: people.change_team(team=TeamFactory(site=own), by=by, version="", site=other),
        lambda: people.change_employer(employer=EmployerFactory(), by=by, version="", name="X"),
        lambda: training.add_cohort(by=by, name="X", site=None, starts_on=None, ends_on=None),
        lambda: training.change_cohort(cohort=theirs, by=by, version="", name="X"),
        lambda: training.change_enrolment(enrolment=enrolment, by=by, version="", cohort=theirs),
        lambda: recruitment.add_application(person=person, by=by, applied_on=DAY, cohort=theirs),
        lambda: recruitment.change_application(
            application=application, by=by, version="", applied_on=DAY, cohort=None
        ),
        lambda: recruitment.remove_application(application=application, by=by),
        lambda: posts.change_post(post=post, by=by, version="", title="X"),
        lambda: posts.add_spell(
            person=person, by=by, post=post, started_on=DAY, contracted_hours=None
        ),
    ]
    for act in refused:
        with pytest.raises(NotYours):
            act()
