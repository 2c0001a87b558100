from tests.access_rules import Rule

RULES = {
    "audit-trail": Rule(roles={"auditor"}),
    "audit-trail-csv": Rule(roles={"auditor"}),
}
