"""Posts in full: establishment, what falls due, leavers, and what a spell in post goes through."""

from tests.access_rules import Rule, World
from tests.access_rules.programme import FORM, LEADS, list_page, record_page


def of_spell(kind: str, site: str):
    """Kwargs for something that belongs to a spell: its person and its own."""

    def make(world: World) -> dict:
        record = getattr(world, kind)(getattr(world, site))
        return {"person_pk": record.spell.person_id, "pk": record.pk}

    return make


def spell_page(kind: str) -> Rule:
    return Rule(
        roles=LEADS,
        methods=FORM,
        make=of_spell(kind, "own_site"),
        make_other=of_spell(kind, "other_site"),
    )


RULES = {
    "programme:establishment": list_page(LEADS),
    "programme:establishment-csv": list_page(LEADS),
    "programme:establishment-xlsx": list_page(LEADS),
    "programme:ahead": list_page(LEADS),
    "programme:ahead-csv": list_page(LEADS),
    "programme:ahead-xlsx": list_page(LEADS),
    "programme:leavers": list_page(LEADS),
    "programme:leavers-csv": list_page(LEADS),
    "programme:leavers-xlsx": list_page(LEADS),
    "programme:move-spell": record_page("spell"),
    "programme:add-break": record_page("spell"),
    "programme:edit-break": spell_page("career_break"),
    "programme:remove-break": spell_page("career_break"),
    "programme:record-review": spell_page("probation_review"),
}
