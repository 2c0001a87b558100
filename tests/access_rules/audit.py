from tests.access_rules import Rule

# The trail is one for every site: an auditor limited to a site has no part of it.
RULES = {
    "audit-trail": Rule(roles={"auditor"}, scoped=False),
    "audit-trail-csv": Rule(roles={"auditor"}, scoped=False),
}
