"""GOV.UK Notify, through its REST API: send by a reference, and ask by it what became of it.

Source: GOV.UK Notify, *REST API documentation*. The official client gives one error for a server
that was not reached and one that may have the message, and logs what the server says of an address;
so the few calls needed are made here.
"""

import base64
import hmac
import http.client
import json
import time
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from django.conf import settings

SECONDS = 10  # for each step on the line
MOST_BYTES = 1_000_000
CREATED, OK = 201, 200
ID = 36  # letters of a UUID; a key ends with that of the service and the secret


class NotReached(Exception):  # noqa: N818
    """Nothing was handed over."""


class Unsure(Exception):  # noqa: N818
    """It may have the message: the line went, or the answer cannot be understood."""


class Refused(Exception):  # noqa: N818
    """It answered that it does not take this.

    Attributes:
        status: of HTTP.
    """

    def __init__(self, status: int):
        super().__init__(str(status))
        self.status = status


class Found(NamedTuple):
    """What became of a message, in the words of Notify."""

    status: str


def send_email(*, address: str, subject: str, text: str, reference: str) -> None:
    """Hand over an email; the template is `((subject))` and `((message))`.

    Raises:
        NotReached, Unsure, Refused: see there.
    """
    body = {"email_address": address, "template_id": settings.NOTIFY.email_template}
    _send("email", body | {"personalisation": {"subject": subject, "message": text}}, reference)


def send_sms(*, phone: str, text: str, reference: str) -> None:
    """Hand over a text message; the template is `((message))`.

    Raises:
        NotReached, Unsure, Refused: see there.
    """
    body = {"phone_number": phone, "template_id": settings.NOTIFY.sms_template}
    _send("sms", body | {"personalisation": {"message": text}}, reference)


def find(reference: str) -> Found | None:
    """What became of a message; nothing where Notify does not know it.

    Raises:
        NotReached, Unsure, Refused: see there.
    """
    status, answer = _ask("GET", "/v2/notifications?" + urlencode({"reference": reference}))
    rows = answer.get("notifications")
    if status != OK or not isinstance(rows, list):
        raise Unsure("no list")
    for row in rows:
        if isinstance(row, dict) and row.get("reference") == reference:
            return Found(str(row.get("status", "")))
    return None


def _send(kind: str, body: dict, reference: str) -> None:
    status, answer = _ask("POST", f"/v2/notifications/{kind}", body | {"reference": reference})
    if status != CREATED or not answer.get("id"):
        raise Unsure("no id")


def _ask(method: str, path: str, body: dict | None = None) -> tuple[int, dict]:
    """One question on a line of its own. Its token is made when the line stands: Notify takes none
    that is older than 30 seconds, so whoever was frozen in between sends nothing."""
    line = _line()
    try:
        _connect(line)
        headers = {"Authorization": f"Bearer {token(settings.NOTIFY.key, int(time.time()))}"}
        sent = None if body is None else json.dumps(body)
        try:
            line.request(method, path, sent, headers | {"Content-Type": "application/json"})
            answer = line.getresponse()
            status, text = answer.status, answer.read(MOST_BYTES)
        except (OSError, http.client.HTTPException) as error:
            raise Unsure(type(error).__name__) from error
    finally:
        line.close()
    return status, _understood(status, text)


def _line() -> http.client.HTTPConnection:
    url = urlsplit(settings.NOTIFY.url)
    kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
    return kind(url.hostname, url.port, timeout=SECONDS)


def _connect(line: http.client.HTTPConnection) -> None:
    try:
        line.connect()
    except OSError as error:
        raise NotReached(type(error).__name__) from error


def _understood(status: int, text: bytes) -> dict:
    if 400 <= status < 500:
        raise Refused(status)
    try:
        answer = json.loads(text)
    except ValueError as error:
        raise Unsure(f"{status}, no JSON") from error
    if not isinstance(answer, dict) or status not in {OK, CREATED}:
        raise Unsure(str(status))
    return answer


def token(key: str, at: int) -> str:
    """A JSON web token of the service that a key belongs to, issued at a second since 1970."""
    service, secret = key[-2 * ID - 1 : -ID - 1], key[-ID:]
    parts = ({"typ": "JWT", "alg": "HS256"}, {"iss": service, "iat": at})
    signed = b".".join(_coded(json.dumps(part).encode()) for part in parts)
    seal = hmac.digest(secret.encode(), signed, "sha256")
    return (signed + b"." + _coded(seal)).decode()


def _coded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")
