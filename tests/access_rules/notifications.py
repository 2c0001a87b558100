"""One's own messages, and how one is told things."""

from tests.access_rules import SIGNED_IN, Rule, World
from tests.access_rules.programme import FORM
from tests.factories.notifications import MessageFactory


def message(world: World) -> dict:
    return {"pk": MessageFactory(recipient=world.actor).pk}


RULES = {
    "notifications:mine": Rule(roles=SIGNED_IN),
    "notifications:wishes": Rule(roles=SIGNED_IN, methods=FORM),
    "notifications:open": Rule(roles=SIGNED_IN, make=message, mine=True),
}
