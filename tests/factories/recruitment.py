import datetime as dt

import factory

from programme.models import (
    Applicant,
    EmploymentCheck,
    InterviewSlot,
    PanelMember,
    PanelScore,
    Round,
    RoundQuestion,
    RoundStage,
    ScoringCriterion,
    StageMove,
    StageTemplate,
    TemplateStage,
)
from tests.factories.accounts import SiteFactory, UserFactory
from tests.factories.programme import CohortFactory, PostFactory, TeamFactory

STAGES = (
    "applied",
    "shortlisting",
    "interview",
    "offer",
    "checks",
    "appointed",
    "on_hold",
    "not_selected",
    "withdrew",
)
SENT_AT = dt.datetime(2026, 3, 2, 9, 30, tzinfo=dt.UTC)


class StageTemplateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StageTemplate

    name = factory.Sequence(lambda n: f"Template {n}")


class TemplateStageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TemplateStage

    template = factory.SubFactory(StageTemplateFactory)
    kind = "interview"
    name = factory.Sequence(lambda n: f"Stage {n}")
    position = 1


class RoundFactory(factory.django.DjangoModelFactory):
    """A published vacancy that is open for all of the tests' lifetime, with a stage of each kind,
    named for its kind: `round.stages.get(kind="interview")`."""

    class Meta:
        model = Round
        skip_postgeneration_save = True

    kind = "vacancy"
    title = factory.Sequence(lambda n: f"Round {n}")
    site = factory.SubFactory(SiteFactory)
    opens_on = dt.date(2026, 1, 5)
    closes_on = dt.date(2099, 12, 31)
    places = 2
    contact_name = "Łukasz Ó Briain"
    contact_email = "recruitment@example.org"
    state = "published"
    published_on = dt.date(2026, 1, 5)
    post = factory.Maybe(
        factory.LazyAttribute(lambda made: made.kind == "vacancy"),
        factory.SubFactory(
            PostFactory, team=factory.SubFactory(TeamFactory, site=factory.SelfAttribute("...site"))
        ),
    )
    cohort = factory.Maybe(
        factory.LazyAttribute(lambda made: made.kind == "intake"),
        factory.SubFactory(CohortFactory, site=factory.SelfAttribute("..site")),
    )

    @factory.post_generation
    def stages(self, create, kinds, **_):
        RoundStage.objects.bulk_create(
            RoundStage(round=self, kind=kind, name=kind.replace("_", " "), position=position)
            for position, kind in enumerate(STAGES if kinds is None else kinds, start=1)
        )


class RoundQuestionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoundQuestion

    round = factory.SubFactory(RoundFactory)
    text = factory.Sequence(lambda n: f"Question {n}?")
    position = factory.Sequence(lambda n: n % 1000)


class ScoringCriterionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ScoringCriterion

    round = factory.SubFactory(RoundFactory)
    name = factory.Sequence(lambda n: f"Criterion {n}")
    position = factory.Sequence(lambda n: n % 1000)


class DraftFactory(factory.django.DjangoModelFactory):
    """An application that is begun and not sent."""

    class Meta:
        model = Applicant

    round = factory.SubFactory(RoundFactory)
    first_name = "Zoë"
    last_name = factory.Sequence(lambda n: f"Applicant {n}")
    email = factory.Sequence(lambda n: f"applicant{n}@example.org")
    started_at = SENT_AT - dt.timedelta(hours=1)
    saved_at = SENT_AT


class ApplicantFactory(DraftFactory):
    """An application that was sent, at the round's stage of a kind: `kind="interview"`.

    Its first move, from nowhere, is there too; where `kind` is another than *applied* a second
    move leads there at the same moment.
    """

    class Meta:
        skip_postgeneration_save = True

    class Params:
        kind = "applied"

    submitted_at = SENT_AT
    stage = factory.LazyAttribute(lambda made: made.round.stages.get(kind=made.kind))
    stage_since = factory.SelfAttribute("submitted_at")

    @factory.post_generation
    def moves(self, create, wanted, **_):
        if wanted is False:
            return
        applied = self.stage
        if self.stage.kind != "applied":
            applied = self.round.stages.get(kind="applied")
        StageMove.objects.create(applicant=self, to_stage=applied, at=self.submitted_at)
        if applied != self.stage:
            StageMove.objects.create(
                applicant=self, from_stage=applied, to_stage=self.stage, at=self.stage_since
            )


class PanelMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PanelMember

    round = factory.SubFactory(RoundFactory)
    user = factory.SubFactory(UserFactory)


class PanelScoreFactory(factory.django.DjangoModelFactory):
    """A draft score; `round` of applicant, member and criterion are the same."""

    class Meta:
        model = PanelScore

    applicant = factory.SubFactory(ApplicantFactory, kind="shortlisting")
    member = factory.SubFactory(
        PanelMemberFactory, round=factory.SelfAttribute("..applicant.round")
    )
    criterion = factory.SubFactory(
        ScoringCriterionFactory, round=factory.SelfAttribute("..applicant.round")
    )
    score = 3


class InterviewSlotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = InterviewSlot

    round = factory.SubFactory(RoundFactory)
    starts_at = factory.Sequence(
        lambda n: dt.datetime(2099, 1, 5, 9, 0, tzinfo=dt.UTC) + dt.timedelta(hours=n % 1000)
    )
    place = "Room 1"


class EmploymentCheckFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EmploymentCheck

    applicant = factory.SubFactory(ApplicantFactory, kind="checks")
    standard = "identity"
    turn_since = dt.date(2026, 3, 20)
