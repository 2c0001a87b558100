"""A questionnaire of one question, as a draft."""

import factory
from django.utils import timezone

from questionnaires.models import Questionnaire, QuestionnaireVersion

OPTIONS = [
    {"code": "0", "text": "Never", "score": "0", "low": True},
    {"code": "1", "text": "Often", "score": "1"},
]
DOCUMENT = {
    "title": "Sleep",
    "items": [{"link_id": "well", "text": "Did you sleep?", "kind": "scale", "options": OPTIONS}],
    "scales": [{"key": "sleep", "name": "Sleep", "items": ["well"], "method": "sum", "needed": 1}],
}


class QuestionnaireFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Questionnaire

    key = factory.Sequence("questionnaire-{}".format)
    name = factory.Sequence("Questionnaire {}".format)


class QuestionnaireVersionFactory(factory.django.DjangoModelFactory):
    """A draft; with `is_published=True` one that never changes."""

    class Meta:
        model = QuestionnaireVersion

    class Params:
        is_published = factory.Trait(published_at=factory.LazyFunction(timezone.now))

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    number = 1
    document = DOCUMENT
