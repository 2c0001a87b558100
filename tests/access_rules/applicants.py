from accounts.models import Site
from accounts.roles import SCORE_APPLICANTS
from programme.models import Round
from tests.access_rules import Rule, World
from tests.factories import (
    ApplicantFactory,
    EmploymentCheckFactory,
    InterviewSlotFactory,
    PanelMemberFactory,
    ScoringCriterionFactory,
)

LEADS = {"lead"}
SCORERS = {"lead", "panel_member"}
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


def part_at(site: str, factory: type):
    """Kwargs for a part of a round of a site: a seat on its panel, or a criterion."""

    def make(world: World) -> dict:
        part = factory(round=world.round(getattr(world, site)))
        return {"round_pk": part.round_id, "pk": part.pk}

    return make


def part_page(factory: type) -> Rule:
    return Rule(
        LEADS, FORM, make=part_at("own_site", factory), make_other=part_at("other_site", factory)
    )


def own_seat(world: World) -> dict:
    """Kwargs for a round on whose panel the actor sits, at their own site."""
    sites = world.actor.sites_for(SCORE_APPLICANTS)
    site = Site.objects.get(pk=next(iter(sites))) if sites else world.own_site
    return {"round_pk": PanelMemberFactory(round=world.round(site), user=world.actor).round_id}


def own_to_score(world: World) -> dict:
    """The same, with an application that its panel scores."""
    round_pk = own_seat(world)["round_pk"]
    applicant = ApplicantFactory(round=Round.objects.get(pk=round_pk), kind="shortlisting")
    return {"round_pk": round_pk, "pk": applicant.pk}


RULES = {
    "programme:panels": Rule(SCORERS),
    "programme:panel": Rule(SCORERS, make=own_seat, mine=True),
    "programme:score": Rule(SCORERS, FORM, make=own_to_score, mine=True),
    "programme:declare-conflict": Rule(SCORERS, POST, make=own_to_score, mine=True),
    "programme:panel-setup": round_page(),
    "programme:add-panel-member": round_page(FORM),
    "programme:remove-panel-member": part_page(PanelMemberFactory),
    "programme:add-criterion": round_page(FORM),
    "programme:remove-criterion": part_page(ScoringCriterionFactory),
    "programme:scores": round_page(),
    "programme:slots": round_page(),
    "programme:slots-csv": round_page(),
    "programme:slots-xlsx": round_page(),
    "programme:add-slots": Rule(
        LEADS,
        FORM,
        make=round_at("own_site"),
        make_other=round_at("other_site"),
        data={"day_0": "15", "day_1": "3", "day_2": "2099", "first": "09:30", "place": "Room 1"},
    ),
    "programme:remove-slot": Rule(
        LEADS,
        POST,
        make=part_at("own_site", InterviewSlotFactory),
        make_other=part_at("other_site", InterviewSlotFactory),
    ),
    "programme:board": round_page(),
    "programme:applicants": round_page(),
    "programme:applicants-csv": round_page(),
    "programme:applicants-xlsx": round_page(),
    "programme:move-applicants": round_page(POST),
    "programme:applicant": applicant_page(),
    "programme:duplicates": round_page(FORM),
    "programme:duplicates-csv": round_page(),
    "programme:duplicates-xlsx": round_page(),
    "programme:round-times": round_page(),
    "programme:round-times-csv": round_page(),
    "programme:round-times-xlsx": round_page(),
    "programme:recruitment-figures": Rule(LEADS),
    "programme:recruitment-figures-csv": Rule(LEADS),
    "programme:recruitment-figures-xlsx": Rule(LEADS),
    "programme:equality-figures": Rule(LEADS),
    "programme:equality-csv": Rule(LEADS),
    "programme:equality-xlsx": Rule(LEADS),
    "programme:hold-list": Rule(LEADS, FORM),
    "programme:hold-csv": Rule(LEADS),
    "programme:hold-xlsx": Rule(LEADS),
    "programme:applicant-offer": applicant_page(FORM, kind="offer"),
    "programme:applicant-checks": applicant_page(kind="checks"),
    "programme:applicant-check": Rule(
        LEADS, FORM, make=check_at("own_site"), make_other=check_at("other_site")
    ),
    "programme:allow-start": applicant_page(POST, kind="checks"),
    "programme:appoint": applicant_page(FORM, kind="checks"),
    "programme:bring-applicant-back": applicant_page(POST, kind="not_selected"),
}
