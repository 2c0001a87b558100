from tests.access_rules import Rule

EXACT_OR_PUBLISHED = Rule(roles={"lead", "evaluator"})

RULES = {
    "dashboard": EXACT_OR_PUBLISHED,
    "dashboard-funnel-json": EXACT_OR_PUBLISHED,
    "dashboard-funnel-csv": EXACT_OR_PUBLISHED,
    "dashboard-funnel-svg": EXACT_OR_PUBLISHED,
    "dashboard-figures": EXACT_OR_PUBLISHED,
    "dashboard-figures-json": EXACT_OR_PUBLISHED,
    "dashboard-figures-csv": EXACT_OR_PUBLISHED,
    "dashboard-supervision": EXACT_OR_PUBLISHED,
    "dashboard-supervision-csv": EXACT_OR_PUBLISHED,
    "dashboard-supervision-json": EXACT_OR_PUBLISHED,
    "dashboard-retention-json": EXACT_OR_PUBLISHED,
    "dashboard-retention-csv": EXACT_OR_PUBLISHED,
    "dashboard-retention-svg": EXACT_OR_PUBLISHED,
}
