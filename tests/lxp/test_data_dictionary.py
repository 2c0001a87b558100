"""The data dictionary is what the models say, and says of each field whether it is personal."""

import pytest
from django.apps import apps

from lxp import data_dictionary as dictionary
from lxp.management.commands.data_dictionary import PAGE


def test_the_data_dictionary_is_up_to_date():
    up_to_date = PAGE.read_text() == dictionary.data_dictionary()

    assert up_to_date, "Run manage.py data_dictionary: a model is described otherwise now."


def test_every_table_of_ours_is_in_it_and_says_what_it_is():
    ours = [model for app in dictionary.APPS for model in dictionary.tables(app)]
    text = dictionary.data_dictionary()

    assert [model._meta.label for model in ours if f"### {model.__name__}\n" not in text] == []
    bare = [m._meta.label for m in ours if not m.__doc__ or m.__doc__.startswith(f"{m.__name__}(")]
    assert bare == []


def test_what_is_said_to_be_about_people_still_exists():
    labels = {model._meta.label for model in apps.get_models()}

    assert (dictionary.SUBJECTS | dictionary.ABOUT_PEOPLE.keys()) - labels == set()


@pytest.mark.parametrize(
    ("field", "said"),
    [
        ("programme.Person.last_name", "Personal"),
        ("programme.Spell.started_on", "Personal"),
        ("programme.ProbationReview.outcome", "Personal"),
        ("programme.Applicant.statement", "Confidential"),
        ("programme.EqualityAnswers.answers", "Confidential"),
        ("programme.Attendance.marked_by", "Personal: who did it"),
        ("programme.Post.band", "No"),
        ("programme.Round.title", "No"),
        ("programme.Spell.id", "No"),
    ],
)
def test_a_field_says_whether_it_is_personal(field, said):
    label, name = field.rsplit(".", 1)

    assert dictionary.personal(apps.get_model(label)._meta.get_field(name)) == said
