"""How long a session lasts, where somebody who is not signed in is sent, and the second step."""

import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import second_step, sessions

# What somebody who has to set up a second step may open; besides what is open to everybody.
SET_UP_PAGES = {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "account_reauthenticate",
    "accounts:qr-code",
    "accounts:keep-alive",
}
STEP_ADDED = "step"
GONE = "gone"  # ended elsewhere: by its owner, an administrator or a new password


def session_limits(get_response: Callable) -> Callable:
    """Ends a session at its idle or its absolute limit.

    Open pages are answered as to anybody else; `SignInRequired` sends the others to sign in again.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = time.time()
            request.session_ended = sessions.ended(request.session, request.user, now)
            if request.session_ended:
                logout(request)
            else:
                if not _polls(request):
                    sessions.touch(request.session, request.user, now)
                request.session_clock = sessions.clock(request.session, request.user, now)
        return get_response(request)

    return middleware


def _polls(request: HttpRequest) -> bool:
    """Whether a page asks by itself, as a progress bar does: that is no sign of a person."""
    return request.method == "GET" and "HX-Request" in request.headers and not _boosted(request)


def _boosted(request: HttpRequest) -> bool:
    return "HX-Boosted" in request.headers


class SignInRequired(LoginRequiredMiddleware):
    """Sends who is not signed in to the sign-in page and, after it, back to a page.

    A form that was sent too late leads back to the page it stood on, where the browser has kept the
    text; a request of a script gets an answer that the script understands.
    """

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:  # noqa: ARG002
        had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        return sign_in_again(
            request, getattr(request, "session_ended", "") or (GONE if had_session else "")
        )


def sign_in_again(request: HttpRequest, ended: str) -> HttpResponse:
    """To the sign-in page, with the way back and the reason; 401 for a script."""
    query = {"next": _way_back(request)}
    if ended:
        query["ended"] = ended
    if request.method == "POST":
        query["unsaved"] = "1"
    url = f"{resolve_url(settings.LOGIN_URL)}?{urlencode(query)}"
    if "HX-Request" in request.headers:
        return HttpResponse(status=401, headers={"HX-Redirect": url})
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"sign_in": url}, status=401)
    return HttpResponseRedirect(url)


def _way_back(request: HttpRequest) -> str:
    """The page to return to: this one, or the page that a form or a script stood on."""
    if "HX-Request" in request.headers:
        came_from = request.headers.get("HX-Current-URL", "")
    elif request.method == "POST":
        came_from = request.headers.get("Referer", "")
    else:
        came_from = ""
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}):
        return request.get_full_path()
    parts = urlsplit(came_from)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"


def second_factor(get_response: Callable) -> Callable:
    """Lets nobody past whose role asks for a second step until this session has taken it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view_func: Callable, _args: tuple, _kwargs: dict
    ) -> HttpResponse | None:
        open_page = not getattr(view_func, "login_required", True)
        if open_page or not second_step.missing(request):
            return None
        if second_step.is_set_up(request.user):  # set up elsewhere since this session began
            logout(request)
            return sign_in_again(request, STEP_ADDED)
        request.second_step_missing = True
        if request.resolver_match.view_name in SET_UP_PAGES:
            return None
        return redirect("mfa_index")

    middleware.process_view = process_view
    return middleware
