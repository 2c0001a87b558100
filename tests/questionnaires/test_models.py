"""Versions stay as they were published, and our own check-in is there from the beginning."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from questionnaires.definition import Kind, questions
from questionnaires.models import CHECK_IN, Questionnaire, QuestionnaireVersion

pytestmark = pytest.mark.django_db


def check_in() -> QuestionnaireVersion:
    return QuestionnaireVersion.objects.of(CHECK_IN).published().latest()


def test_the_check_in_is_our_own_five_questions_and_a_line():
    version = check_in()

    asked = questions(version.definition)
    assert [item.link_id for item in asked] == [
        *("energy", "support", "load", "own_story", "belonging", "line")
    ]
    assert [item.kind for item in asked] == [Kind.SCALE] * 5 + [Kind.SHORT_TEXT]
    assert [[one.low for one in item.options] for item in asked[:5]] == [[False] * 4 + [True]] * 5
    assert not any(item.required for item in asked)
    assert not version.validated
    assert "not a validated measure" in version.definition.description
    assert [(one.method, one.needed) for one in version.definition.scales] == [("mean", 4)]


@pytest.mark.parametrize(
    "change",
    [
        lambda version: QuestionnaireVersion.objects.filter(pk=version.pk).update(document={}),
        lambda version: QuestionnaireVersion.objects.filter(pk=version.pk).update(
            published_at=None
        ),
        lambda version: version.delete(),
    ],
    ids=["other words", "a draft again", "gone"],
)
def test_a_published_version_never_changes(change):
    with (
        pytest.raises(IntegrityError, match="questionnaire_version_is_fixed"),
        transaction.atomic(),
    ):
        change(check_in())


def test_a_questionnaire_has_one_draft():
    of = check_in().questionnaire
    QuestionnaireVersion.objects.create(questionnaire=of, number=2, document={})

    with pytest.raises(IntegrityError, match="one_draft"), transaction.atomic():
        QuestionnaireVersion.objects.create(questionnaire=of, number=3, document={})
    assert check_in().number == 1


def test_what_is_in_use_is_published_and_not_retired():
    today = timezone.localdate()
    Questionnaire.objects.create(key="draft", name="Only a draft")

    assert [one.key for one in Questionnaire.objects.in_use_on(today)] == [CHECK_IN]
    Questionnaire.objects.filter(key=CHECK_IN).update(retired_on=today)
    assert not Questionnaire.objects.in_use_on(today).exists()
