"""Home for each role, the health checks and the answers to what goes wrong."""

import datetime as dt
import sys
from collections.abc import Callable
from dataclasses import dataclass

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template import loader
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views import defaults
from django.views.decorators.http import require_safe
from redis.backoff import NoBackoff
from redis.retry import Retry

from accounts.models import User
from accounts.roles import CHANGE_QUESTIONNAIRES, CHANGE_SUPPORT, MANAGE_USERS, VIEW_AUDIT
from lxp.navigation import may_open, own_record
from lxp.week import lines
from notifications.sweeping import health
from programme.models import Person
from programme.progress import ready_to_confirm
from supervision.duty import supervises_on
from supervision.opened import told_to
from supervision.waiting import waiting_for
from wellbeing.asked import asked_of
from wellbeing.models import ContactRequest, Leaving
from wellbeing.shared_items import is_anything_shared_with

# --- Home -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Card:
    """One thing to go to, and why."""

    title: str
    url: str
    text: str


@dataclass(frozen=True)
class Section:
    """What one role finds on the first page."""

    heading: str
    text: str = ""
    cards: tuple[Card, ...] = ()


def card(title: str, page: str, text: str) -> Card:
    return Card(title, reverse(page), text)


def of_lead(user: User) -> Section:
    dashboard = card(
        "Dashboard", "dashboard", "Who started, who completed, who is in post and who stayed."
    )
    people = card("People", "programme:people", "Find anyone, from applying to leaving.")
    cohorts = card("Cohorts", "programme:cohorts", "Each training group and how it went.")
    recruitment = card("Recruitment", "programme:rounds", "Rounds, and who has applied to them.")
    posts = card("Posts", "programme:posts", "What is funded, who is in post and what is vacant.")
    words = "Duties outside the role, late supervision: counts by team, and nobody’s name."
    weighs = card("What weighs on teams", "wellbeing:burden-teams", words)
    words = "How soon somebody who is asked gets in touch, and who stands in for them."
    support = (weighs, card("Times to get in touch", "wellbeing:contact-duties", words))
    if user.sites_for(CHANGE_SUPPORT) is None:
        words = "What everybody finds under Get support now."
        support = (card("Support contacts", "wellbeing:contacts", words), *support)
    if user.sites_for(CHANGE_QUESTIONNAIRES) is None:
        words = "What people may be asked, how it is scored, and who may use it."
        support = (*support, card("Questionnaires", "questionnaires:questionnaires", words))
    bring_in = card("Import", "programme:imports", "Bring in more rows from a spreadsheet.")
    if Person.objects.visible_to(user).exists():
        first = (dashboard, people, recruitment, cohorts, *_ready(user), posts, bring_in)
        return Section("The programme", "", (*first, *support))
    first = card(
        "Import your spreadsheet",
        "programme:imports",
        "Start here: bring in the people you already have on file. You see what would happen "
        "before anything is saved.",
    )
    by_hand = card("People", "programme:people", "Or add people one at a time.")
    return Section(
        "The programme",
        "There are no people yet.",
        (first, by_hand, recruitment, cohorts, *support),
    )


def _ready(user: User) -> tuple[Card, ...]:
    """The way to whose completion waits, while there is somebody."""
    waiting = len(ready_to_confirm(user, timezone.localdate()))
    if not waiting:
        return ()
    who = "1 trainee has" if waiting == 1 else f"{waiting} trainees have"
    words = f"{who} met everything. Their completion waits to be confirmed."
    return (card("Ready to confirm", "programme:ready", words),)


def of_trainer(user: User) -> Section:
    cohorts = card("Cohorts", "programme:cohorts", "Your training groups and who is in them.")
    return Section("Training", "", (cohorts, *_ready(user)))


def of_supervisor(user: User) -> Section:
    """What whoever supervises somebody today finds, and whoever holds the role."""
    people = card(
        "People you supervise",
        "supervision:home",
        "Last session, what is due next and open actions, for each of them.",
    )
    words = "What peer workers read of you when they choose, your places and your hours."
    entry = card("My entry as a supervisor", "supervision:my-entry", words)
    if supervises_on(user, timezone.localdate()):
        return Section("Supervision", "", (people, entry))
    words = "You supervise nobody today. People appear here once there is an agreement with them."
    return Section("Supervision", words, (people, entry))


def of_panel_member(_user: User) -> Section:
    words = "What waits for your scores, for as long as it is open to you."
    panels = card("Your panels", "programme:panels", words)
    return Section("Recruitment panels", "", (panels,))


def of_evaluator(_user: User) -> Section:
    figures = card(
        "Published figures", "dashboard", "Figures of the programme, with small numbers hidden."
    )
    return Section("Evaluation", "You see figures here and nobody's record.", (figures,))


def of_auditor(user: User) -> Section:
    if not may_open(user, VIEW_AUDIT):
        return Section(
            "Audit",
            "Your role covers one site, and the audit trail is one for all of them: ask an "
            "administrator to widen your role.",
        )
    trail = card("Audit trail", "audit-trail", "Who changed or looked at what, and when.")
    return Section("Audit", "You see what happened, and nothing of what records say.", (trail,))


def of_administrator(user: User) -> Section:
    sites = card("Sites", "accounts:sites", "Where the programme works.")
    if not may_open(user, MANAGE_USERS):
        return Section(
            "Administration",
            "Your role covers one site. Accounts belong to no site, so an administrator of every "
            "site manages them.",
            (sites,),
        )
    unanswered = _not_answered(user)
    words = ["Who can sign in."]
    if unanswered:
        waiting = "1 person has" if unanswered == 1 else f"{unanswered} people have"
        words.append(f"{waiting} not answered an invitation yet.")
    users = card("Users", "accounts:users", " ".join(words))
    return Section("Administration", "", (users, sites))


def _not_answered(user: User) -> int:
    """How many active accounts were invited and have not accepted any invitation."""
    invited = User.objects.visible_to(user).filter(is_active=True, invitations__isnull=False)
    return invited.exclude(invitations__accepted_at__isnull=False).distinct().count()


# In the order in which somebody with several roles reads them.
SECTIONS: dict[str, Callable[[User], Section]] = {
    "lead": of_lead,
    "trainer": of_trainer,
    "supervisor": of_supervisor,
    "panel_member": of_panel_member,
    "evaluator": of_evaluator,
    "auditor": of_auditor,
    "administrator": of_administrator,
}


def waiting_for_worker(user: User, at: dt.datetime) -> list[Card]:
    """What comes first for a worker: a record to confirm, own actions, the next supervision."""
    waits = waiting_for(user, at)
    cards = []
    if waits.to_confirm:
        first, more = waits.to_confirm[0], len(waits.to_confirm) - 1
        words = f"{first.kind} on {date_format(timezone.localtime(first.starts_at), 'j F')}."
        words += f" And {more} more." if more else ""
        page = reverse("supervision:session", args=[first.pk])
        cards.append(Card("Read and confirm what was written", page, words))
    if waits.open_actions:
        number = waits.open_actions
        words = f"{number} thing{'' if number == 1 else 's'} that you agreed to do."
        cards.append(card("My actions", "supervision:actions", words))
    cards += _check_in(user, at)
    if session := waits.next_session:
        when = date_format(timezone.localtime(session.starts_at), "l j F, H:i")
        page = reverse("supervision:session", args=[session.pk])
        cards.append(Card("My next supervision", page, f"{session.kind}, {when}."))
    return cards


def _check_in(user: User, at: dt.datetime) -> list[Card]:
    """A check-in that its worker wanted to be asked about now; it always may be left out."""
    if asked_of(user.person, at).waits is None:
        return []
    words = "A few questions, for yourself. You can skip it, and nobody is told."
    return [card("Check in, if you like", "wellbeing:new-check-in", words)]


def of_record(user: User) -> Section | None:
    """One's own record, for who has one or is waiting for it."""
    if own_record(user):
        record = card("My record", "programme:my-record", "Your training and your posts.")
        words = "Who supervises you, what you agreed on, and what is next."
        supervision = card("My supervision", "supervision:mine", words)
        looks = card(
            "Who has seen my record", "programme:my-looks", "Everybody who opened it, and when."
        )
        opened = ()
        if told_to(user).exists():
            words = "By two leads, for safeguarding or a legal duty: who, when and for how long."
            opened = (card("Your supervision was opened", "supervision:my-openings", words),)
        waiting = waiting_for_worker(user, timezone.now())
        if leaving := Leaving.objects.visible_to(user).first():
            words = f"They are deleted on {date_format(leaving.delete_on, 'j F Y')}."
            take = card("Take my private things with me", "wellbeing:take-along", words)
            waiting = [take, *waiting]
        words = "A few questions about how work is for you. Only you read the answers."
        check_ins = card("My check-ins", "wellbeing:my-check-ins", words)
        cards = (*opened, *waiting, record, supervision, check_ins, looks)
        return Section("My record", "", cards)
    if {"peer_worker", "trainee"} & {role.key for role in user.roles}:
        return Section(
            "My record",
            "No record is linked to your account yet. Ask the programme lead to link it if you "
            "are in the programme.",
        )
    return None


def of_requests(user: User) -> Section | None:
    """People who wait to be contacted by this user, while there are any."""
    rows = ContactRequest.objects.visible_to(user, timezone.now())
    number = rows.of_others(user).count()
    if not number:
        return None
    words = "1 person asks" if number == 1 else f"{number} people ask"
    asked = card("Contact requested", "wellbeing:contact-waiting", f"{words} to be contacted.")
    return Section("Somebody waits for you", "", (asked,))


def of_shared(user: User) -> Section | None:
    """What peer workers let this user read, while there is anything."""
    if not is_anything_shared_with(user, timezone.localdate()):
        return None
    words = "What peer workers let you read, one thing each time."
    return Section("Shared with me", "", (card("Read it", "wellbeing:shared-with-me", words),))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page after signing in: a part for each role that the person holds."""
    held = {role.key for role in request.user.roles}
    if "supervisor" not in held and supervises_on(request.user, timezone.localdate()):
        held.add("supervisor")
    first = (of_requests(request.user), of_record(request.user))
    sections = [section for section in first if section]
    sections += [of_role(request.user) for key, of_role in SECTIONS.items() if key in held]
    sections += filter(None, [of_shared(request.user)])
    return render(request, "lxp/home.html", {"sections": sections})


# --- What goes wrong ------------------------------------------------------------------------------


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of a mistake of ours; while the database is away, one that says to come again."""
    if not isinstance(sys.exception(), (OperationalError, InterfaceError)):
        return defaults.server_error(request)
    page = loader.get_template("503.html").render()
    return HttpResponse(page, status=503, headers={"Retry-After": "30"})


# --- Health ---------------------------------------------------------------------------------------
# A probe must send a Host header that ALLOWED_HOSTS names, as every request must; both addresses
# answer over plain HTTP inside the network, without a redirect.


@login_not_required
@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Alive: this process answers. Asks no database and no session."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Ready: the database answers. The broker is told and not required: pages work without it."""
    database, broker = database_answers(), broker_answers()
    state = {
        "database": "ok" if database else "unreachable",
        "broker": "ok" if broker else "unreachable",
        **(reminders() if database else {}),
    }
    return JsonResponse(state, status=200 if database else 503)


def reminders() -> dict[str, str]:
    """Whether reminders are swept; told and not required, as the broker."""
    try:
        return health()
    except DatabaseError:
        return {"reminders": "unreachable"}


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def broker_answers() -> bool:
    """One question, one second, no second try."""
    client = redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_connect_timeout=1,
        socket_timeout=1,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


# --- Errors ---------------------------------------------------------------------------------------


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form without its token: signed out meanwhile, or cookies are off."""
    return render(request, "403_csrf.html", status=403)


@require_safe
def this_week(request: HttpRequest) -> HttpResponse:
    """What is late or due for the reader, in numbers that lead to their pages."""
    found = lines(request.user, timezone.localdate())
    return render(request, "lxp/this_week.html", {"lines": found})
