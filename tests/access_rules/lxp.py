from tests.access_rules import ANYONE, SIGNED_IN, Rule

RULES = {
    "home": Rule(roles=SIGNED_IN),
    "this-week": Rule(roles=SIGNED_IN),
    "data-protection": Rule(roles=SIGNED_IN),
    "data-protection-csv": Rule(roles=SIGNED_IN),
    "healthz": Rule(roles=ANYONE),
    "readyz": Rule(roles=ANYONE),
}
