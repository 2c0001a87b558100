"""Whom one supervises, and what leads know of supervision."""

from tests.access_rules import SIGNED_IN, Rule

RULES = {
    "supervision:home": Rule(roles=SIGNED_IN),
}
