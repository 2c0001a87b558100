"""What is taught: programmes, their dated versions, and what each version asks of a trainee."""

import uuid

import pghistory
import pgtrigger
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import User
from accounts.roles import VIEW_COHORTS

# Raised as the violation of a check, so that it is refused and put in words like any other.
REFUSE_CHANGE = """
    RAISE EXCEPTION 'A published version does not change.'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_version_is_fixed';
"""


class FixedOncePublished(pgtrigger.Trigger):
    """Refuses every change to the parts of a published version.

    The version's row is held, so that it is not published while a part is being written.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete
    func = f"""
        PERFORM 1 FROM programme_programmeversion
        WHERE id IN (OLD.version_id, NEW.version_id) FOR SHARE;
        PERFORM 1 FROM programme_programmeversion
        WHERE id IN (OLD.version_id, NEW.version_id) AND published_on IS NOT NULL;
        IF FOUND THEN {REFUSE_CHANGE} END IF;
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    """


class OfNoSiteQuerySet(models.QuerySet):
    """What is shared by every site, such as a programme: whoever sees cohorts sees it."""

    def visible_to(self, user: User) -> "OfNoSiteQuerySet":
        return self if user.sites_for(VIEW_COHORTS) != frozenset() else self.none()


@pghistory.track(append_only=True)
class CompetenceDomain(models.Model):
    """A part of the competence framework for peer support workers (HEE, 2020), as data."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in lists.")

    objects = OfNoSiteQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="competence_domain_once")]

    def __str__(self) -> str:
        return self.name


@pghistory.track(append_only=True)
class TrainingProgramme(models.Model):
    """A training programme; what it consists of is said by its versions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)

    objects = OfNoSiteQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="training_programme_name_once",
                violation_error_message="There is already a programme with this name.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ProgrammeVersionQuerySet(OfNoSiteQuerySet):
    def published(self) -> "ProgrammeVersionQuerySet":
        """Versions that cohorts may follow; they change no more."""
        return self.filter(published_on__isnull=False)


@pghistory.track(append_only=True)
class ProgrammeVersion(models.Model):
    """A programme as it is taught from a day on; once published it does not change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    programme = models.ForeignKey(
        TrainingProgramme, on_delete=models.PROTECT, related_name="versions"
    )
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField(help_text="The first day on which cohorts may follow it.")
    hours = models.DecimalField(
        "hours of teaching", max_digits=5, decimal_places=1, null=True, blank=True
    )
    published_on = models.DateField(null=True, blank=True)
    domains = models.ManyToManyField(
        CompetenceDomain, through="CoveredDomain", related_name="versions"
    )

    objects = ProgrammeVersionQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "number"],
                name="programme_version_number_once",
                violation_error_message="This programme already has a version of this number.",
            ),
            models.CheckConstraint(
                condition=Q(number__gte=1), name="programme_version_number_from_one"
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0),
                name="programme_version_hours_positive",
                violation_error_message="Hours of teaching must be above 0.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="fixed_once_published",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_on__isnull=False),
                func=REFUSE_CHANGE,
            )
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"

    @property
    def is_published(self) -> bool:
        return self.published_on is not None


@pghistory.track(append_only=True)
class CoveredDomain(models.Model):
    """A competence domain that a version of a programme teaches."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        ProgrammeVersion, on_delete=models.CASCADE, related_name="covered_domains"
    )
    domain = models.ForeignKey(CompetenceDomain, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["domain__position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "domain"], name="covered_domain_once")
        ]
        triggers = [FixedOncePublished(name="fixed_once_published")]

    def __str__(self) -> str:
        return str(self.domain)


class RequirementKind(models.TextChoices):
    ATTENDANCE = "attendance", "Attendance"
    EVIDENCE = "evidence", "Evidence handed in"
    TASK = "task", "Assessed task"
    E_LEARNING = "e_learning", "E-learning"
    PLACEMENT = "placement", "Placement hours"
    OTHER = "other", "Something else"


@pghistory.track(append_only=True)
class Requirement(models.Model):
    """One thing a trainee does to complete a version of a programme.

    `amount` is a share of sessions in per cent for attendance, hours for a placement, and empty for
    every other kind.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(
        ProgrammeVersion, on_delete=models.CASCADE, related_name="requirements"
    )
    kind = models.CharField(max_length=10, choices=RequirementKind)
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    amount = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Its place in lists.")

    objects = OfNoSiteQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "version",
                name="requirement_name_once_a_version",
                violation_error_message="This version already has a requirement of this name.",
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(kind=RequirementKind.ATTENDANCE),
                name="requirement_attendance_once",
                violation_error_message="This version already asks for attendance.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=[choice.value for choice in RequirementKind]),
                name="requirement_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind=RequirementKind.ATTENDANCE,
                    amount__isnull=False,
                    amount__gt=0,
                    amount__lte=100,
                )
                | Q(kind=RequirementKind.PLACEMENT, amount__isnull=False, amount__gt=0)
                | (
                    ~Q(kind__in=[RequirementKind.ATTENDANCE, RequirementKind.PLACEMENT])
                    & Q(amount__isnull=True)
                ),
                name="requirement_amount_for_its_kind",
                violation_error_message=(
                    "Attendance needs a share above 0 and up to 100, a placement its hours, and "
                    "every other kind neither."
                ),
            ),
        ]
        triggers = [FixedOncePublished(name="fixed_once_published")]

    def __str__(self) -> str:
        return self.name
