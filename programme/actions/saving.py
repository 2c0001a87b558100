"""How every record of the programme is written: checked, once, and never over unseen words."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager

import pghistory
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, models, transaction

from accounts.models import Site, User
from programme.models import Person
from programme.permissions import may_change_at

OWN = "Somebody else records what is about you."

# Beside which field the message of a constraint is shown.
FIELD_OF_CONSTRAINT = {
    "application_once_a_day": "applied_on",
    "break_ends_after_start": "ends_on",
    "break_once_at_a_time": "starts_on",
    "cohort_ends_after_start": "ends_on",
    "cohort_name_once": "name",
    "cohort_places_from_one": "places",
    "criterion_name_once": "name",
    "employer_name_once": "name",
    "enrolment_completed_has_start": "commenced_on",
    "enrolment_next_after_deferral": "outcome",
    "enrolment_once_a_cohort": "cohort",
    "enrolment_outcome_after_start": "outcome_on",
    "enrolment_outcome_dated": "outcome_on",
    "enrolment_reason_for_ending": "outcome_reason",
    "enrolment_return_after_ending": "may_return",
    "facilitator_once_a_session": "peers",
    "funding_ends_after_start": "ends_on",
    "funding_once_at_a_time": "starts_on",
    "funding_wte_not_negative": "wte",
    "learning_hours_in_range": "hours",
    "leaving_reason_once": "name",
    "leaving_reason_valid_in_order": "valid_to",
    "mentor_meeting_once_a_day": "met_on",
    "mentoring_by_somebody_else": "mentor",
    "mentoring_ends_after_start": "ended_on",
    "mentoring_open_once": "mentor",
    "pathway_name_once": "name",
    "pathway_step_from_one": "position",
    "pathway_step_position_once": "position",
    "person_reference_once": "reference",
    "panel_member_once_a_round": "user",
    "placement_day_once": "spent_on",
    "placement_hours_in_a_day": "hours",
    "post_title_once_a_team": "title",
    "preparation_once": "session",
    "preparation_share_of_staff": "staff_share",
    "programme_version_hours_positive": "hours",
    "requirement_amount_for_its_kind": "amount",
    "requirement_attendance_once": "kind",
    "requirement_name_once_a_version": "name",
    "requirement_result_once_a_day": "decided_on",
    "review_final_decides": "outcome",
    "review_outcome_of_held": "outcome",
    "spell_contract_end_of_fixed_term": "contract_ends_on",
    "round_closes_after_opening": "closes_on",
    "round_for_post_or_cohort": "kind",
    "round_has_places": "places",
    "round_question_choices_for_list": "choices",
    "round_stage_name_once": "name",
    "spell_ends_after_start": "ended_on",
    "spell_hours_in_a_week": "contracted_hours",
    "spell_last_working_day_within": "last_working_day",
    "spell_once_at_a_time": "started_on",
    "spell_probation_after_start": "probation_ends_on",
    "spell_reason_for_ended": "ended_on",
    "stage_template_name_once": "name",
    "template_stage_name_once": "name",
    "team_name_once_a_site": "name",
    "training_programme_name_once": "name",
    "training_session_ends_after_start": "ends_at",
    "training_session_once_at_a_time": "starts_at",
}
STAYS_IN_COHORT = (
    "Attendance or results are recorded in this cohort, so the place stays in it. Record a "
    "deferral and a new place instead."
)
# What the database keeps by a trigger or by a foreign key of two columns: its field and its words.
KEPT_BY_DATABASE = {
    "attendance_enrolment_in_cohort": (
        "cohort",
        STAYS_IN_COHORT,
    ),
    "attendance_session_in_cohort": ("session", "This session is one of another cohort."),
    "cohort_places_taken": ("places", "More people than that are in this cohort already."),
    "enrolment_next_of_same_person": ("next_enrolment", "This place is somebody else's."),
    "enrolment_places_left": ("cohort", "Every place in this cohort is taken."),
    "mentoring_trainee_of_enrolment": ("enrolment", "This place is somebody else's."),
    "published_version_is_fixed": (
        NON_FIELD_ERRORS,
        "This version is published and does not change. Add a new version instead.",
    ),
    "result_cohort_follows_version": (
        "programme_version",
        "Results are recorded against the version this cohort follows, so it stays.",
    ),
    "result_enrolment_in_cohort": (
        "cohort",
        STAYS_IN_COHORT,
    ),
    "result_requirement_of_version": ("requirement", "This is asked by another version."),
}
MEANWHILE = "Somebody else saved something at the same moment. Look at what is there and try again."


class NotSaved(Exception):  # noqa: N818  reads as what happened
    """Nothing was written; `problems` says why, by field name (or `__all__`)."""

    def __init__(self, problems: dict[str, list[str]]):
        super().__init__("; ".join(words for listed in problems.values() for words in listed))
        self.problems = problems


class ChangedMeanwhile(Exception):  # noqa: N818
    """Nothing was written: somebody else changed the record since it was read.

    `current` is the record as it is now.
    """

    def __init__(self, current: models.Model):
        super().__init__("The record was changed by somebody else.")
        self.current = current


class NotYours(PermissionDenied):
    """A user tried to change something at a site that their role does not cover, or to put it
    there; where no form says so, the answer is 403."""


def version_of(record: models.Model) -> str:
    """A short mark that changes whenever any stored value of a record does."""
    text = json.dumps(_values(record), cls=DjangoJSONEncoder)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def require_site(by: User, site: Site | None) -> None:
    """Make sure that a user may change what belongs to a site.

    Raises:
        NotYours: they may not; without a site, only a role for all sites may.
    """
    if not may_change_at(by, site and site.pk):
        raise NotYours(f"This needs a role for {site or 'all sites'}.")


def require_somebody_else(by: User, *people: Person) -> None:
    """Make sure that what is recorded is about somebody else.

    Raises:
        NotSaved: one of these people is the user.
    """
    if any(person.user_id == by.pk for person in people):
        raise NotSaved({NON_FIELD_ERRORS: [OWN]})


@contextmanager
def writing(by: User) -> Iterator[None]:
    """One transaction whose history names its author; what the database refuses is `NotSaved`."""
    try:
        with transaction.atomic(), pghistory.context(user=str(by.pk)):
            yield
    except IntegrityError as error:
        raise NotSaved(_refusal(error)) from error


def add[Record: models.Model](record: Record, *, by: User) -> Record:
    """Save a new record, or return the one with exactly these values that is there already.

    So a form that is sent twice makes one record, and both senders arrive at it.

    Raises:
        NotSaved: it contradicts another record or itself.
    """
    if twin := _twin(record):
        return twin
    try:
        with writing(by):
            check(record)
            record.save(force_insert=True)
    except NotSaved:
        if twin := _twin(record):
            return twin
        raise
    return record


def change[Record: models.Model](record: Record, *, by: User, version: str, values: dict) -> Record:
    """Give a record new values, if it is still the one that was read.

    Raises:
        ChangedMeanwhile: it is not.
        NotSaved: the new values contradict another record or each other.
    """
    with writing(by):
        current = locked(record)
        wanted = {name: value for name, value in values.items() if getattr(current, name) != value}
        if wanted:
            if version_of(current) != version:
                raise ChangedMeanwhile(current)
            for name, value in wanted.items():
                setattr(current, name, value)
            check(current)
            current.save(update_fields=list(wanted))
    return current


def remove(record: models.Model, *, by: User) -> None:
    """Delete a record; its history stays. A second call finds nothing to do."""
    with writing(by):
        type(record).objects.filter(pk=record.pk).delete()


def locked[Record: models.Model](record: Record) -> Record:
    """The record as it is now, held until the transaction ends.

    Raises:
        NotSaved: somebody has removed it.
    """
    rows = type(record).objects.select_for_update(of=("self",), no_key=True)
    if current := rows.filter(pk=record.pk).first():
        return current
    raise NotSaved({NON_FIELD_ERRORS: ["Somebody else has removed this record meanwhile."]})


def field_of(constraint: str) -> str:
    """Beside which field the message of a constraint is shown; an app above names its own."""
    for fields in (FIELD_OF_CONSTRAINT, *_told_by_apps("field_of_constraint")):
        if constraint in fields:
            return fields[constraint]
    return NON_FIELD_ERRORS


def _told_by_apps(name: str) -> list[dict]:
    return [getattr(config, name) for config in apps.get_app_configs() if hasattr(config, name)]


def check(record: models.Model) -> None:
    """Ask of a record everything that the database would.

    Raises:
        NotSaved: with what is wrong, by field.
    """
    problems: dict[str, list[str]] = {}
    try:
        record.clean_fields()
        record.validate_unique(exclude={"id"})
    except ValidationError as error:
        problems = error.message_dict
    for constraint in record._meta.constraints:
        try:
            constraint.validate(type(record), record, exclude=set(problems))
        except ValidationError as error:
            field = field_of(constraint.name)
            problems.setdefault(field, []).extend(error.messages)
    if problems:
        raise NotSaved(problems)


def _values(record: models.Model) -> dict:
    """Everything stored of a record, apart from its key and what the database works out."""
    return {
        field.attname: getattr(record, field.attname)
        for field in record._meta.concrete_fields
        if not field.primary_key and not isinstance(field, models.GeneratedField)
    }


def _twin[Record: models.Model](record: Record) -> Record | None:
    """A stored record with the same values throughout, apart from its key."""
    conditions = {
        f"{name}__isnull" if value is None else name: True if value is None else value
        for name, value in _values(record).items()
    }
    return type(record).objects.filter(**conditions).first()


def _refusal(error: IntegrityError) -> dict[str, list[str]]:
    """The words of the constraint that refused, beside its field."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for kept in (KEPT_BY_DATABASE, *_told_by_apps("kept_by_database")):
        if name in kept:
            field, words = kept[name]
            return {field: [words]}
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return {field_of(name): [str(constraint.violation_error_message)]}
    return {NON_FIELD_ERRORS: [MEANWHILE]}
