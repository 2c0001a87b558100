"""Questionnaires belong to no site: leads of every site keep them, and nobody else."""

from tests.access_rules import Rule
from tests.factories.questionnaires import QuestionnaireVersionFactory


def a_draft(world) -> dict:
    return {"pk": QuestionnaireVersionFactory().pk}


def a_place(world) -> dict:
    return a_draft(world) | {"place": 0}


def a_first_place(world) -> dict:
    return a_draft(world) | {"place": 1}


def a_published(world) -> dict:
    return {"pk": QuestionnaireVersionFactory(is_published=True).questionnaire_id}


FORM = {"GET", "POST"}


def of_leads(**rule) -> Rule:
    return Rule(roles={"lead"}, scoped=False, **rule)


RULES = {
    "questionnaires:questionnaires": of_leads(),
    "questionnaires:import": of_leads(methods=FORM),
    "questionnaires:keep-import": of_leads(methods={"POST"}),
    "questionnaires:instruments": of_leads(),
    "questionnaires:begin": of_leads(methods=FORM, make=lambda world: {"key": "who-5"}),
    "questionnaires:questionnaire": of_leads(make=a_published),
    "questionnaires:revise": of_leads(methods=FORM, make=a_published),
    "questionnaires:retire": of_leads(methods=FORM, make=a_published),
    "questionnaires:version": of_leads(make=a_draft),
    "questionnaires:edit-details": of_leads(methods=FORM, make=a_draft),
    "questionnaires:edit-item": of_leads(
        methods=FORM, make=a_place, data={"text": "In other words?", "low": "0"}
    ),
    "questionnaires:add-scale": of_leads(
        methods=FORM, make=a_draft, data={"name": "Rest", "items": "well", "method": "sum"}
    ),
    "questionnaires:remove-scale": of_leads(methods=FORM, make=a_place),
    "questionnaires:publish": of_leads(methods=FORM, make=a_draft),
    "questionnaires:discard": of_leads(methods=FORM, make=a_draft),
    "questionnaires:preview": of_leads(methods=FORM, make=a_draft),
    "questionnaires:preview-one": of_leads(make=a_first_place),
    "questionnaires:export": of_leads(make=a_draft),
}
