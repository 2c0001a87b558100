from tests import factories
from tests.access_rules import Rule, World
from tests.access_rules.programme import FORM, LEADS, list_page, object_page


def of_round(kind: str, site: str):
    """Kwargs for a part of a round: the round's and its own."""

    def make(world: World) -> dict:
        made = world.round(getattr(world, site))
        if kind == "stage":
            return {"round_pk": made.pk, "pk": made.stages.get(kind="interview").pk}
        if kind == "question":
            return {"round_pk": made.pk, "pk": factories.RoundQuestionFactory(round=made).pk}
        return {"round_pk": made.pk}

    return make


def of_template(kind: str, site: str):
    def make(world: World) -> dict:
        template = world.stage_template(getattr(world, site))
        factories.TemplateStageFactory(template=template, kind="applied", position=0)
        stage = factories.TemplateStageFactory(template=template)
        return {"template_pk": template.pk} | ({"pk": stage.pk} if kind else {})

    return make


def part(make, kind: str = "", data: dict | None = None) -> Rule:
    return Rule(
        roles=LEADS,
        methods=FORM,
        make=make(kind, "own_site"),
        make_other=make(kind, "other_site"),
        data=data or {},
    )


ROUND = {
    "title": "Peer worker",
    "places": "2",
    "contact_name": "Zoë Ó Briain",
    "contact_email": "zoe@example.org",
    **{f"opens_on_{box}": part for box, part in enumerate(("5", "1", "2026"))},
    **{f"closes_on_{box}": part for box, part in enumerate(("5", "2", "2026"))},
}
QUESTION = {"text": "When are you free?", "lawful": "on"}


RULES = {
    "programme:rounds": list_page(LEADS),
    "programme:rounds-csv": list_page(LEADS),
    "programme:rounds-xlsx": list_page(LEADS),
    "programme:add-round": Rule(roles=LEADS, methods=FORM, data=ROUND),
    "programme:round": object_page("round", LEADS),
    "programme:edit-round": object_page("round", LEADS, FORM),
    "programme:publish-round": object_page("round", LEADS, {"POST"}),
    "programme:close-round": object_page("round", LEADS, {"POST"}),
    "programme:add-stage": part(of_round),
    "programme:edit-stage": part(of_round, "stage"),
    "programme:remove-stage": part(of_round, "stage"),
    "programme:add-question": part(of_round, data=QUESTION),
    "programme:edit-question": part(of_round, "question", QUESTION),
    "programme:remove-question": part(of_round, "question"),
    "programme:stage-templates": list_page(LEADS),
    "programme:stage-templates-csv": list_page(LEADS),
    "programme:stage-templates-xlsx": list_page(LEADS),
    "programme:add-stage-template": list_page(LEADS, FORM),
    "programme:stage-template": object_page("stage_template", LEADS),
    "programme:edit-stage-template": object_page("stage_template", LEADS, FORM),
    "programme:add-template-stage": part(of_template),
    "programme:edit-template-stage": part(of_template, "stage"),
    "programme:remove-template-stage": part(of_template, "stage"),
}
