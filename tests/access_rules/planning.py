from tests.access_rules import Rule

# Exact figures of few people: never published.
QUESTION = {
    "people": "5",
    "on_0": "1",
    "on_1": "6",
    "on_2": "2035",
    "start_0": "1",
    "start_1": "6",
    "start_2": "2034",
}
LEADS = Rule(roles={"lead"})

RULES = {
    "programme:planning": LEADS,
    "programme:planning-json": Rule(roles={"lead"}, query=QUESTION),
    "programme:planning-csv": Rule(roles={"lead"}, query=QUESTION),
    "programme:planning-svg": Rule(roles={"lead"}, query=QUESTION),
}
