from tests.access_rules import Rule

# Worked out from what is sent, and kept nowhere.
LEADS = Rule(roles={"lead"}, methods={"GET", "POST"})

RULES = {
    "programme:likelihood-by-ethnicity": LEADS,
    "programme:likelihood-by-disability": LEADS,
    "programme:sickness-absence": LEADS,
}
