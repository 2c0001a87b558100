"""A mail server and a GOV.UK Notify over loopback that write down all they accept, and misbehave
when told to.

`mode` says how:
    MailServer: "" | "550" | "451" | "421" | "silent" | "drop early" | "drop" (has it, answers
        nothing) | "lose" (has it not) | "no tls" | "broken tls"
    NotifyServer: "" | a status | "drop" | "lose" | "no json" | "slow" (has it, answers too late)
"""

import base64
import contextlib
import hmac
import http.server
import json
import re
import socket
import socketserver
import threading
import time
import uuid
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

LOOPBACK = "127.0.0.1"
PATIENCE = 30  # seconds for which a stand-in keeps somebody waiting at most
TOKEN_SECONDS = 30  # as Notify has it
ID = 36


@dataclass(frozen=True)
class Accepted:
    """A message that a stand-in has taken."""

    reference: str
    to: str
    text: str
    at: float = field(default_factory=time.monotonic)


class StandIn:
    """A server in threads of this process, until the block ends."""

    def __init__(self, server: socketserver.BaseServer):
        self.mode = ""
        self.latency = 0.0  # seconds for each message
        self.accepted: list[Accepted] = []
        self.calls = 0
        self.closing = threading.Event()
        server.stand_in = self
        self.server = server
        self.port = server.server_address[1]

    def __enter__(self):
        wait = {"poll_interval": 0.01}
        threading.Thread(target=self.server.serve_forever, kwargs=wait, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.close()

    def close(self) -> None:
        """Nobody listens any more."""
        if not self.closing.is_set():
            self.closing.set()
            self.server.shutdown()
            self.server.server_close()

    def pause(self) -> None:
        if self.latency:
            time.sleep(self.latency)


class Threads(socketserver.ThreadingTCPServer):
    """One thread a caller; none is waited for at the end."""

    allow_reuse_address = daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def handle_error(self, request, client_address) -> None:
        """Callers are killed on purpose: that their lines break is no news."""


class MailServer(StandIn):
    """A mail server: what it has accepted is by its Message-ID."""

    def __init__(self, port: int = 0):
        super().__init__(Threads((LOOPBACK, port), MailCall))
        self.refused: set[str] = set()
        self.heard: list[str] = []


class MailCall(socketserver.StreamRequestHandler):
    """One caller of the mail server."""

    def handle(self) -> None:
        self.post = self.server.stand_in
        self.post.calls += 1
        self.mode, self.to = self.post.mode, ""
        if self.mode == "silent":
            self.post.closing.wait(PATIENCE)
            return
        if self.mode == "drop early":
            return
        self.say("421 closing" if self.mode == "421" else "220 stand-in")
        while self.mode != "421" and (line := self.rfile.readline()):
            said = line.decode(errors="replace").strip()
            self.post.heard.append(said)
            if self.answer(said[:4].upper(), said) is False:
                return

    def answer(self, verb: str, said: str) -> bool | None:
        """One line; `False` where the call is over."""
        if verb == "EHLO":
            self.say(
                "250-stand-in\r\n250 STARTTLS" if self.mode == "broken tls" else "250 stand-in"
            )
        elif verb == "STAR":
            self.say("220 go on")
            self.say("this is not TLS")
            return False
        elif verb == "RCPT":
            return self.recipient(said)
        elif verb == "DATA":
            return self.text()
        elif verb == "QUIT":
            self.say("221 bye")
            return False
        else:
            self.say("250 ok" if verb in {"MAIL", "RSET", "HELO", "NOOP"} else "500 what")
        return None

    def recipient(self, said: str) -> None:
        self.to = said.partition("<")[2].partition(">")[0]
        refused = self.mode == "550" or self.to in self.post.refused
        self.say("550 no" if refused else "451 later" if self.mode == "451" else "250 ok")

    def text(self) -> bool | None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line)
        if line == b"" or self.mode == "lose":
            return False
        self.post.pause()
        text = b"".join(lines).decode(errors="replace")
        found = re.search(r"^Message-ID:\s*<([^@>]+)", text, re.MULTILINE)
        self.post.accepted.append(Accepted(found[1] if found else "", self.to, text))
        if self.mode == "drop":
            return False
        self.say("250 taken")
        return None

    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


class HttpThreads(Threads, http.server.HTTPServer):
    """HTTP, one thread a caller."""

    def server_bind(self) -> None:
        socketserver.TCPServer.server_bind(self)  # without asking for the name of the host
        self.server_name, self.server_port = self.server_address[:2]


class Window:
    """So many calls in so many seconds, and no more until they are over."""

    def __init__(self, most: int, seconds: float):
        self.most, self.seconds = most, seconds
        self.taken = self.refused = 0
        self.until = 0.0
        self.lock = threading.Lock()

    def takes_one(self) -> bool:
        with self.lock:
            if (now := time.monotonic()) >= self.until:
                self.until, self.taken = now + self.seconds, 0
            is_free = self.taken < self.most
            self.taken += is_free
            self.refused += not is_free
            return is_free


class NotifyServer(StandIn):
    """GOV.UK Notify: what it has accepted is by our reference.

    Attributes:
        lag: seconds until an accepted message can be found by its reference.
        window: how many it takes at most, where it has a limit; beyond it the answer is 429.
    """

    def __init__(self, key: str, port: int = 0):
        super().__init__(HttpThreads((LOOPBACK, port), NotifyCall))
        self.url = f"http://{LOOPBACK}:{self.port}"
        self.service, self.secret = key[-2 * ID - 1 : -ID - 1], key[-ID:]
        self.statuses: dict[str, str] = {}
        self.lag = 0.0
        self.window: Window | None = None
        self.questions = 0

    def put(self, reference: str, status: str) -> None:
        """Have had a message for long, with what became of it."""
        self.accepted.append(Accepted(reference, "", "", at=0))
        self.statuses[reference] = status

    def knows(self, token: str) -> bool:
        """Whether a token is of our service, sealed with its secret and fresh."""
        with contextlib.suppress(ValueError, KeyError):
            signed, _, seal = token.rpartition(".")
            digest = hmac.digest(self.secret.encode(), signed.encode(), "sha256")
            claims = json.loads(_plain(signed.partition(".")[2]))
            fresh = abs(time.time() - claims["iat"]) <= TOKEN_SECONDS
            return hmac.compare_digest(digest, _plain(seal)) and (
                fresh and claims["iss"] == self.service
            )
        return False

    def found(self, reference: str) -> list[dict]:
        self.questions += 1
        seen = time.monotonic() - self.lag
        return [
            {"reference": one.reference, "status": self.statuses.get(reference, "sending")}
            for one in self.accepted
            if one.reference == reference and one.at <= seen
        ]


class NotifyCall(http.server.BaseHTTPRequestHandler):
    """One caller of Notify."""

    def do_POST(self) -> None:
        notify = self.server.stand_in
        notify.calls += 1
        mode = notify.mode
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._may() or mode == "lose":
            return
        if mode.isdecimal():
            self._answer(int(mode), {"errors": []})
            return
        if notify.window and not notify.window.takes_one():
            self._answer(429, {"errors": []})
            return
        notify.pause()
        to = said.get("email_address") or said.get("phone_number")
        text = said["personalisation"]["message"]
        notify.accepted.append(Accepted(said["reference"], to, text))
        if mode == "slow":
            notify.closing.wait(PATIENCE)
        if mode in {"drop", "slow"}:
            return
        self._answer(201, "odd" if mode == "no json" else {"id": str(uuid.uuid4())})

    def do_GET(self) -> None:
        if self._may():
            reference = parse_qs(urlsplit(self.path).query)["reference"][0]
            self._answer(200, {"notifications": self.server.stand_in.found(reference)})

    def _may(self) -> bool:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.server.stand_in.knows(token):
            return True
        self._answer(403, {"errors": []})
        return False

    def _answer(self, status: int, said: dict | str) -> None:
        body = said.encode() if isinstance(said, str) else json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        """Nothing is printed of each call."""


def _plain(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        return probe.getsockname()[1]
