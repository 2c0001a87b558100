from tests.access_rules import ANYONE, Rule


def a_contact(world) -> dict:
    return {"pk": world.support_contact().pk}


RULES = {
    "wellbeing:support": Rule(roles=ANYONE),
    "wellbeing:contacts": Rule(roles={"lead"}, scoped=False),
    "wellbeing:add-contact": Rule(roles={"lead"}, scoped=False, methods={"GET", "POST"}),
    "wellbeing:edit-contact": Rule(
        roles={"lead"}, scoped=False, methods={"GET", "POST"}, make=a_contact
    ),
    "wellbeing:remove-contact": Rule(
        roles={"lead"}, scoped=False, methods={"GET", "POST"}, make=a_contact
    ),
}
