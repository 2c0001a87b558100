"""What weighs on workers: one's own notes, those addressed to one, and counts for leads."""

from tests.access_rules import SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM, LEADS
from tests.access_rules.wellbeing_contact import page, record_of
from tests.factories.supervision import TermsFactory
from tests.factories.wellbeing import BurdenFlagFactory


def own(world: World) -> dict:
    return {"pk": BurdenFlagFactory(person=record_of(world)).pk}


def addressed(world: World) -> dict:
    """Of somebody whom the actor supervises, whatever their role."""
    flag = BurdenFlagFactory(addressed_to=world.actor)
    TermsFactory(agreement__person=flag.person, agreement__supervisor=world.actor)
    return {"pk": flag.pk}


RULES = {
    "wellbeing:burden": Rule(roles=SIGNED_IN),
    "wellbeing:note-burden": Rule(roles=SIGNED_IN, methods=FORM),
    "wellbeing:change-burden": page(own, FORM, words="Rota"),
    "wellbeing:take-back-burden": page(own, FORM),
    "wellbeing:burden-teams": Rule(roles=LEADS),
    "wellbeing:shared-burden": page(addressed),
}
