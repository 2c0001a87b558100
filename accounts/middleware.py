"""How long a session lasts, and the second factor."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def session_limits(get_response: Callable) -> Callable:
    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    return middleware


def second_factor(get_response: Callable) -> Callable:
    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    return middleware
