from tests.access_rules import Rule, World
from tests.factories import EmploymentCheckFactory

LEADS = {"lead"}
POST = frozenset({"POST"})
FORM = frozenset({"GET", "POST"})


def round_at(site: str):
    """Kwargs for a round of a site."""
    return lambda world: {"round_pk": world.round(getattr(world, site)).pk}


def applicant_at(site: str, **fields):
    """Kwargs for an applicant of a round of a site."""

    def make(world: World) -> dict:
        applicant = world.applicant(getattr(world, site), **fields)
        return {"round_pk": applicant.round_id, "pk": applicant.pk}

    return make


def check_at(site: str):
    """Kwargs for an employment check of an applicant of a round of a site."""

    def make(world: World) -> dict:
        applicant = world.applicant(getattr(world, site), kind="checks")
        check = EmploymentCheckFactory(applicant=applicant)
        return {
            "round_pk": applicant.round_id,
            "pk": applicant.pk,
            "standard": check.standard,
        }

    return make


def round_page(methods: frozenset = frozenset({"GET"})) -> Rule:
    return Rule(LEADS, methods, make=round_at("own_site"), make_other=round_at("other_site"))


def applicant_page(methods: frozenset = frozenset({"GET"}), **fields) -> Rule:
    return Rule(
        LEADS,
        methods,
        make=applicant_at("own_site", **fields),
        make_other=applicant_at("other_site", **fields),
    )


RULES = {
    "programme:board": round_page(),
    "programme:applicants": round_page(),
    "programme:applicants-csv": round_page(),
    "programme:applicants-xlsx": round_page(),
    "programme:move-applicants": round_page(POST),
    "programme:applicant": applicant_page(),
    "programme:duplicates": round_page(FORM),
    "programme:hold-list": Rule(LEADS, FORM),
    "programme:applicant-offer": applicant_page(FORM, kind="offer"),
    "programme:applicant-checks": applicant_page(kind="checks"),
    "programme:applicant-check": Rule(
        LEADS, FORM, make=check_at("own_site"), make_other=check_at("other_site")
    ),
    "programme:allow-start": applicant_page(POST, kind="checks"),
    "programme:appoint": applicant_page(FORM, kind="checks"),
    "programme:bring-applicant-back": applicant_page(POST, kind="not_selected"),
}
