"""The gallery shows invented things only, so everybody who is signed in may look."""

from tests.access_rules import SIGNED_IN, Rule

RULES = {
    "design:gallery": Rule(roles=SIGNED_IN),
    "design:form": Rule(roles=SIGNED_IN, methods={"GET", "POST"}),
    "design:survival": Rule(roles=SIGNED_IN),
    "design:funnel": Rule(roles=SIGNED_IN),
}
