from tests.access_rules import Rule

LEADS = {"lead"}


def own_job(world) -> dict:
    return {"pk": world.import_job().pk}


def of_job(*methods: str) -> Rule:
    return Rule(roles=LEADS, methods=set(methods), make=own_job, mine=True)


RULES = {
    "programme:imports": Rule(roles=LEADS, methods={"GET", "POST"}),
    "programme:imports-csv": Rule(roles=LEADS),
    "programme:imports-xlsx": Rule(roles=LEADS),
    "programme:import-template": Rule(roles=LEADS),
    "programme:import-example": Rule(roles=LEADS),
    "programme:import": of_job("GET"),
    "programme:import-mapping": of_job("GET", "POST"),
    "programme:import-apply": of_job("POST"),
    "programme:import-cancel": of_job("POST"),
    "programme:import-refused": of_job("GET"),
}
