"""Foreign keys of two columns: what a row names must belong together. Models cannot say so."""

from django.db import migrations


def key_of_two(table, name, columns, other, other_columns):
    """A foreign key of two columns: what a row names must belong together."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({', '.join(columns)}) "
        f"REFERENCES {other} ({', '.join(other_columns)})",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def pair(table, columns):
    """What a foreign key of two columns points at."""
    name = f"{table}_{'_'.join(columns)}"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE ({', '.join(columns)})",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


COHORT, ENROLMENT = "programme_cohort", "programme_enrolment"
SESSION, REQUIREMENT = "programme_trainingsession", "programme_requirement"
ATTENDANCE, RESULT = "programme_attendance", "programme_requirementresult"
MENTORING = "programme_mentoring"
OWN_PARTS = [
    pair(COHORT, ["id", "programme_version_id"]),
    pair(ENROLMENT, ["id", "cohort_id"]),
    pair(ENROLMENT, ["id", "person_id"]),
    pair(SESSION, ["id", "cohort_id"]),
    pair(REQUIREMENT, ["id", "version_id"]),
    key_of_two(
        ENROLMENT,
        "enrolment_next_of_same_person",
        ["next_enrolment_id", "person_id"],
        ENROLMENT,
        ["id", "person_id"],
    ),
    key_of_two(
        ATTENDANCE,
        "attendance_enrolment_in_cohort",
        ["enrolment_id", "cohort_id"],
        ENROLMENT,
        ["id", "cohort_id"],
    ),
    key_of_two(
        ATTENDANCE,
        "attendance_session_in_cohort",
        ["session_id", "cohort_id"],
        SESSION,
        ["id", "cohort_id"],
    ),
    key_of_two(
        RESULT,
        "result_enrolment_in_cohort",
        ["enrolment_id", "cohort_id"],
        ENROLMENT,
        ["id", "cohort_id"],
    ),
    key_of_two(
        RESULT,
        "result_cohort_follows_version",
        ["cohort_id", "version_id"],
        COHORT,
        ["id", "programme_version_id"],
    ),
    key_of_two(
        RESULT,
        "result_requirement_of_version",
        ["requirement_id", "version_id"],
        REQUIREMENT,
        ["id", "version_id"],
    ),
    key_of_two(
        MENTORING,
        "mentoring_trainee_of_enrolment",
        ["enrolment_id", "trainee_id"],
        ENROLMENT,
        ["id", "person_id"],
    ),
]

# An application's stage is one of its own round: forged ids and half-done changes are refused.
STAGE_OF_OWN_ROUND = """
ALTER TABLE programme_applicant ADD CONSTRAINT applicant_stage_of_own_round
FOREIGN KEY (stage_id, round_id) REFERENCES programme_roundstage (id, round_id)
DEFERRABLE INITIALLY IMMEDIATE
"""
OWN_PARTS.append(
    migrations.RunSQL(
        STAGE_OF_OWN_ROUND,
        "ALTER TABLE programme_applicant DROP CONSTRAINT applicant_stage_of_own_round",
    )
)
