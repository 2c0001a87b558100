"""One's own private things, for whoever has a record."""

from tests.access_rules import SIGNED_IN, Rule

RULES = {
    "wellbeing:take-along": Rule(roles=SIGNED_IN),
    "wellbeing:take-along-file": Rule(roles=SIGNED_IN),
}
