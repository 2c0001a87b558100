"""Rows that every installation begins with: lists that leads then keep as data."""

import datetime as dt

LEAVING_REASONS = {
    "resignation": [
        "Mutually agreed resignation - local with repayment",
        "Mutually agreed resignation - local without repayment",
        "Mutually agreed resignation - national",
        "Voluntary resignation - adult dependants",
        "Voluntary resignation - child dependants",
        "Voluntary resignation - further education or training",
        "Voluntary resignation - health",
        "Voluntary resignation - incompatible working relationships",
        "Voluntary resignation - lack of opportunities",
        "Voluntary resignation - other or not known",
        "Voluntary resignation - pay and reward related",
        "Voluntary resignation - promotion",
        "Voluntary resignation - relocation",
        "Voluntary resignation - work life balance",
    ],
    "retirement": [
        "Flexi retirement",
        "Initial pension ended",
        "Retirement - ill health",
        "Retirement age",
        "Voluntary early retirement with actuarial reduction",
        "Voluntary early retirement without actuarial reduction",
    ],
    "dismissal": [
        "Dismissal - capability",
        "Dismissal - conduct",
        "Dismissal - some other substantial reason",
        "Dismissal - statutory reason",
    ],
    "end_of_contract": [
        "Bank staff minimum work not met",
        "End of fixed term contract",
        "End of fixed term contract - completion of training scheme",
        "End of fixed term contract - end of work requirement",
        "End of fixed term contract - external rotation",
        "End of fixed term contract - other",
    ],
    "redundancy": ["Redundancy - compulsory", "Redundancy - voluntary"],
    "transfer": ["Employee transfer", "Merged organisation - duplicate record"],
    "death": ["Death in service"],
    "other": ["Has not worked", "Not set in legacy system", "Pregnancy", "Unknown"],
}

# Wording that trusts still use. It is not among the values of the national file of December 2024,
# so it can be given for leaving until the end of the month before.
OLD_REASON = "Voluntary resignation - better reward package"
OLD_REASON_UNTIL = dt.date(2024, 11, 30)

OUTCOME_REASONS = [
    "Another job, study or volunteering",
    "Caring or family commitments",
    "Moved away",
    "Not enough support from the programme",
    "Not stated",
    "Other",
    "The role was not what was expected",
    "Timing, travel or money",
]


def add_reasons(apps, schema_editor):
    LeavingReason = apps.get_model("programme", "LeavingReason")
    LeavingReason.objects.bulk_create(
        LeavingReason(name=name, group=group)
        for group, names in LEAVING_REASONS.items()
        for name in names
    )
    LeavingReason.objects.create(
        name=OLD_REASON, group="resignation", valid_to=OLD_REASON_UNTIL
    )
    OutcomeReason = apps.get_model("programme", "OutcomeReason")
    OutcomeReason.objects.bulk_create(OutcomeReason(name=name) for name in OUTCOME_REASONS)


DOMAINS = [
    "Values and principles",
    "Knowledge",
    "Core relational skills",
    "Supporting people",
    "Working with teams and promoting rights",
    "Self-care and support",
    "Psychological approaches (optional)",
    "Meta-competences",
    "Organisational competences",
]


def add_domains(apps, schema_editor):
    """The nine domains of the competence framework for peer support workers (HEE, 2020)."""
    CompetenceDomain = apps.get_model("programme", "CompetenceDomain")
    CompetenceDomain.objects.bulk_create(
        CompetenceDomain(name=name, position=position)
        for position, name in enumerate(DOMAINS, start=1)
    )


# Shared by every site: a lead copies one, or makes a template of their own.
TEMPLATES = {
    "Vacancy": [
        ("applied", "Applied", None),
        ("shortlisting", "Shortlisting", 10),
        ("interview", "Interview", 24),
        ("offer", "Offer", 31),
        ("checks", "Employment checks", 60),
        ("appointed", "Appointed", 75),
        ("on_hold", "Held for a later round", None),
        ("not_selected", "Not selected", None),
        ("withdrew", "Withdrew", None),
    ],
    "Training intake": [
        ("applied", "Applied", None),
        ("shortlisting", "Reading applications", 10),
        ("interview", "Conversation", 24),
        ("offer", "Place offered", 31),
        ("appointed", "Has a place", 40),
        ("on_hold", "Held for a later round", None),
        ("not_selected", "Not selected", None),
        ("withdrew", "Withdrew", None),
    ],
}


def add_templates(apps, schema_editor):
    StageTemplate = apps.get_model("programme", "StageTemplate")
    TemplateStage = apps.get_model("programme", "TemplateStage")
    for name, stages in TEMPLATES.items():
        template = StageTemplate.objects.create(name=name)
        TemplateStage.objects.bulk_create(
            TemplateStage(
                template=template, kind=kind, name=called, position=position, days_after_closing=days
            )
            for position, (kind, called, days) in enumerate(stages, start=1)
        )
