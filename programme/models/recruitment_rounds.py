"""Rounds of recruitment: what is offered, by which steps, who is asked and who scores."""

import datetime as dt
import uuid

import pghistory
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from accounts.models import Site, User
from accounts.roles import CHANGE_RECRUITMENT, SCORE_APPLICANTS, VIEW_RECRUITMENT
from programme.models.posts import Post
from programme.models.searching import Fold, SearchedQuerySet
from programme.models.training import Cohort


class StageKind(models.TextChoices):
    """What a stage is, whatever a round calls it: rules and reports ask only for this."""

    APPLIED = "applied", "Applied"
    SHORTLISTING = "shortlisting", "Shortlisting"
    INTERVIEW = "interview", "Interview"
    OFFER = "offer", "Offer"
    CHECKS = "checks", "Employment checks"
    APPOINTED = "appointed", "Appointed"
    ON_HOLD = "on_hold", "Held for a later round"
    NOT_SELECTED = "not_selected", "Not selected"
    WITHDREW = "withdrew", "Withdrew"


# Every round has exactly one stage of each of these.
ALWAYS = (
    StageKind.APPLIED,
    StageKind.APPOINTED,
    StageKind.ON_HOLD,
    StageKind.NOT_SELECTED,
    StageKind.WITHDREW,
)
# Nobody is on the way from here, though a lead may bring somebody back.
ENDED = (StageKind.APPOINTED, StageKind.ON_HOLD, StageKind.NOT_SELECTED, StageKind.WITHDREW)
# While an application is here its panel reads and scores it; see docs/decisions/0013.
SCORED = (StageKind.SHORTLISTING, StageKind.INTERVIEW)


def kind_known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(kind__in=StageKind.values), name=name)


def once_where_always(parent: str, name: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(
        parent,
        "kind",
        condition=Q(kind__in=[kind.value for kind in ALWAYS]),
        name=name,
        violation_error_message="There is already a stage of this kind.",
    )


class StageTemplateQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "StageTemplateQuerySet":
        """Templates of the sites a user's role covers, and those without a site, which all use."""
        sites = user.sites_for(VIEW_RECRUITMENT)
        if sites is None:
            return self
        return self.filter(Q(site__in=sites) | Q(site=None)) if sites else self.none()

    def changeable_by(self, user: User) -> "StageTemplateQuerySet":
        """Templates of the sites a user covers; those without a site are for leads of all."""
        sites = user.sites_for(CHANGE_RECRUITMENT)
        return self if sites is None else self.filter(site__in=sites)


@pghistory.track(append_only=True)
class StageTemplate(models.Model):
    """The steps of a kind of recruitment, kept to begin rounds from."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="stage_templates"
    )

    objects = StageTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "site",
                name="stage_template_name_once",
                nulls_distinct=False,
                violation_error_message="There is already a template with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(append_only=True)
class TemplateStage(models.Model):
    """One step of a template; a round made from it gets a step of its own."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    template = models.ForeignKey(StageTemplate, on_delete=models.CASCADE, related_name="stages")
    kind = models.CharField(max_length=20, choices=StageKind)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    days_after_closing = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How long after the closing date the step is expected."
    )

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            kind_known("template_stage_kind_known"),
            once_where_always("template", "template_stage_once_where_always"),
            models.UniqueConstraint(
                Lower("name"),
                "template",
                name="template_stage_name_once",
                violation_error_message="There is already a stage with this name.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class RoundKind(models.TextChoices):
    VACANCY = "vacancy", "A vacancy: people apply for a post"
    INTAKE = "intake", "A training intake: people apply for a cohort"


class RoundState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    CLOSED = "closed", "Closed"


class RoundQuerySet(SearchedQuerySet):
    def visible_to(self, user: User) -> "RoundQuerySet":
        """Rounds of the sites a lead covers. Panel members have `scored_by`."""
        sites = user.sites_for(VIEW_RECRUITMENT)
        return self if sites is None else self.filter(site__in=sites)

    def changeable_by(self, user: User) -> "RoundQuerySet":
        sites = user.sites_for(CHANGE_RECRUITMENT)
        return self if sites is None else self.filter(site__in=sites)

    def scored_by(self, user: User) -> "RoundQuerySet":
        """Rounds on whose panel a user sits, while their role lets them score."""
        sites = user.sites_for(SCORE_APPLICANTS)
        rounds = self.filter(panel_members__user=user)
        return rounds if sites is None else rounds.filter(site__in=sites)

    def taking_applications_on(self, day: dt.date) -> "RoundQuerySet":
        """Published rounds that are open on a day; the closing day is the last one."""
        return self.filter(state=RoundState.PUBLISHED, opens_on__lte=day, closes_on__gte=day)


@pghistory.track(exclude=["search_text"], append_only=True)
class Round(models.Model):
    """One round of recruitment: to a funded post, or to a training cohort."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=RoundKind)
    title = models.CharField(max_length=120)
    about = models.TextField("what applicants should know", max_length=4000, blank=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rounds")
    post = models.ForeignKey(
        Post, on_delete=models.PROTECT, null=True, blank=True, related_name="rounds"
    )
    cohort = models.ForeignKey(
        Cohort, on_delete=models.PROTECT, null=True, blank=True, related_name="rounds"
    )
    opens_on = models.DateField()
    closes_on = models.DateField()
    places = models.PositiveSmallIntegerField()
    contact_name = models.CharField(max_length=120)
    contact_email = models.EmailField(max_length=254)
    contact_phone = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=RoundState, default=RoundState.DRAFT)
    published_on = models.DateField(
        null=True, blank=True, help_text="When it was first published: time to hire begins here."
    )
    closed_on = models.DateField(null=True, blank=True)
    search_text = models.GeneratedField(
        expression=Fold(F("title")), output_field=models.TextField(), db_persist=True
    )

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-closes_on", "title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="round_closes_after_opening",
                violation_error_message="A round cannot close before it opens.",
            ),
            models.CheckConstraint(
                condition=Q(places__gte=1),
                name="round_has_places",
                violation_error_message="A round needs at least one place.",
            ),
            models.CheckConstraint(
                condition=Q(kind=RoundKind.VACANCY, post__isnull=False, cohort__isnull=True)
                | Q(kind=RoundKind.INTAKE, post__isnull=True, cohort__isnull=False),
                name="round_for_post_or_cohort",
                violation_error_message="A vacancy needs a post, and a training intake a cohort.",
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.DRAFT)
                | Q(state=RoundState.PUBLISHED, published_on__isnull=False, closed_on__isnull=True)
                | Q(state=RoundState.CLOSED, published_on__isnull=False, closed_on__isnull=False),
                name="round_state_dated",
                violation_error_message="A published or closed round needs its date.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def takes_applications_on(self, day: dt.date) -> bool:
        """Whether an application can be sent on a day; the closing day is the last one."""
        return self.state == RoundState.PUBLISHED and self.opens_on <= day <= self.closes_on

    def state_words_on(self, day: dt.date) -> tuple[str, str]:
        """What a round is doing on a day, and the colour of its tag."""
        if self.state == RoundState.DRAFT:
            return "Draft", "grey"
        if self.state == RoundState.CLOSED:
            return "Closed", "grey"
        if day < self.opens_on:
            return "Opens later", "blue"
        return ("Open", "green") if day <= self.closes_on else ("Closing date passed", "yellow")


class RoundStageQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "RoundStageQuerySet":
        """Stages of the rounds a lead may see."""
        sites = user.sites_for(VIEW_RECRUITMENT)
        return self if sites is None else self.filter(round__site__in=sites)


@pghistory.track(append_only=True)
class RoundStage(models.Model):
    """One step of one round, with its own name and a kind that rules and reports ask for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="stages")
    kind = models.CharField(max_length=20, choices=StageKind)
    name = models.CharField(max_length=60)
    position = models.PositiveSmallIntegerField()
    expected_on = models.DateField(
        null=True, blank=True, help_text="By when this step is expected; applicants are told."
    )

    objects = RoundStageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            kind_known("round_stage_kind_known"),
            once_where_always("round", "round_stage_once_where_always"),
            models.UniqueConstraint(
                Lower("name"),
                "round",
                name="round_stage_name_once",
                violation_error_message="There is already a stage with this name.",
            ),
            # So that an application's stage is always one of its own round: see the migration.
            models.UniqueConstraint(fields=["id", "round"], name="round_stage_and_round"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_end(self) -> bool:
        """Whether nobody is on the way from here: appointed, held, not selected or withdrew."""
        return self.kind in ENDED


class AnswerKind(models.TextChoices):
    SHORT = "short", "One line"
    LONG = "long", "Several lines"
    CHOICE = "choice", "One of a list"


@pghistory.track(append_only=True)
class RoundQuestion(models.Model):
    """A question of a round's own; never about health, which the law keeps until an offer."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="questions")
    text = models.CharField("question", max_length=300)
    hint = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=AnswerKind, default=AnswerKind.LONG)
    choices = models.TextField(
        max_length=2000, blank=True, help_text="One choice a line, for a list."
    )
    required = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=AnswerKind.CHOICE) & ~Q(choices="")
                | Q(kind__in=[AnswerKind.SHORT, AnswerKind.LONG], choices=""),
                name="round_question_choices_for_list",
                violation_error_message="A list needs its choices, and only a list has them.",
            )
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def listed(self) -> list[str]:
        """The choices of a list, in their order."""
        return [line.strip() for line in self.choices.splitlines() if line.strip()]
