"""Whom one supervises, and what leads know of supervision."""

from tests.access_rules import SIGNED_IN, Rule
from tests.access_rules.programme import LEADS, list_page

RULES = {
    "supervision:home": Rule(roles=SIGNED_IN),
    "supervision:duty": list_page(LEADS),
    "supervision:duty-csv": list_page(LEADS),
    "supervision:duty-xlsx": list_page(LEADS),
    "supervision:duty-unassigned": list_page(LEADS),
    "supervision:duty-unassigned-csv": list_page(LEADS),
    "supervision:duty-unassigned-xlsx": list_page(LEADS),
}
