import datetime as dt

from tests.access_rules import Rule

WHO = {"lead", "evaluator"}


def own_job(world, **fields) -> dict:
    from programme.models import ReportJob

    by = world.actor or world.stranger
    return {"pk": ReportJob.objects.create(asked_by=by, as_at=dt.date(2026, 3, 31), **fields).pk}


def ready(world) -> dict:
    return own_job(
        world, kind="board", state="ready", content=b"%PDF-", file_name="board-report.pdf"
    )


RULES = {
    "reports": Rule(roles=WHO, methods={"GET", "POST"}),
    "report": Rule(roles=WHO, make=lambda world: own_job(world, kind="board"), mine=True),
    "report-file": Rule(roles=WHO, make=ready, mine=True),
}
