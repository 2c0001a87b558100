"""One browser of the benchmark: it asks, sends, and looks that something was saved."""

import http.client
import re
import secrets
import time
from urllib.parse import urlencode

import psycopg

from lxp import embedded

TODAY = "SELECT count(*) FROM wellbeing_checkin WHERE started_at > now() - interval '1 day'"
NOT_TODAY = "DELETE FROM wellbeing_checkin WHERE started_at > now() - interval '1 day'"
SESSIONS = "SELECT count(*) FROM supervision_session"
# Of each kind a record on which figures hang: who supervises a team moves the filters too, hours
# all posts held, and the day on which training ended is in what takes longest to read.
CHANGES = {
    "team": "UPDATE programme_team SET supervisor = gen_random_uuid()::text"
    " WHERE id = (SELECT min(id::text)::uuid FROM programme_team)",
    "post": "UPDATE programme_spell"
    " SET contracted_hours = CASE contracted_hours WHEN 15 THEN 16 ELSE 15 END"
    " WHERE id = (SELECT min(id::text)::uuid FROM programme_spell)",
    "training": "UPDATE programme_enrolment SET outcome_on = outcome_on + 1 WHERE id ="
    " (SELECT min(id::text)::uuid FROM programme_enrolment WHERE outcome = 'withdrew')",
}


class Client:
    """One browser's worth of requests: a kept connection and a session."""

    def __init__(self, port: int, session: str, database: psycopg.Connection | None = None) -> None:
        self.database = database
        self.connection = http.client.HTTPConnection(embedded.LOOPBACK, port, timeout=60)
        token = secrets.token_hex(16)
        self.headers = {
            "Cookie": f"__Host-lxp-session={session}; __Host-lxp-csrf={token}",
            "X-Forwarded-Proto": "https",
            "X-CSRFToken": token,
            "Origin": f"https://{embedded.LOOPBACK}:{port}",
        }

    def change_a_record(self, kind: str) -> None:
        """Somebody else changes a record between two looks."""
        self.database.execute(CHANGES[kind])

    def get(self, path: str) -> tuple[float, int, int]:
        """Milliseconds, queries and bytes of one page.

        Raises:
            RuntimeError: the answer was not a page.
        """
        return self._ask("GET", path, None, 200)

    def post(self, path: str, form: str) -> tuple[float, int, int]:
        """The same of a form that is sent; the answer leads on to a page.

        Raises:
            RuntimeError: the answer was something else.
        """
        return self._ask("POST", path, form, 302)

    def log(self, path: str, form: str) -> tuple[float, int, int]:
        """The same of a session that is logged.

        Raises:
            RuntimeError: it is no new one.
        """
        before = self.database.execute(SESSIONS).fetchone()
        seen = self.post(path, form)
        if self.database.execute(SESSIONS).fetchone() == before:
            raise RuntimeError(f"{path} saved nothing new")
        return seen

    def check_in_form(self, path: str) -> str:
        """What a worker sends who answers all five questions."""
        self.database.execute(NOT_TODAY)
        self.connection.request("GET", path, headers=self.headers)
        page = self.connection.getresponse().read().decode()
        hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page)
        return urlencode(dict(hidden) | {f"q{number}": "3" for number in range(1, 6)})

    def check_in(self, path: str, form: str) -> tuple[float, int, int]:
        """The same of a check-in that is finished, the first of the day each time.

        Raises:
            RuntimeError: it is no new one.
        """
        self.database.execute(NOT_TODAY)
        seen = self.post(path, form)
        if self.database.execute(TODAY).fetchone() != (1,):
            raise RuntimeError(f"{path} saved nothing new")
        return seen

    def _ask(self, method: str, path: str, form: str | None, wanted: int) -> tuple[float, int, int]:
        headers = dict(self.headers)
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begun = time.perf_counter()
        self.connection.request(method, path, body=form, headers=headers)
        response = self.connection.getresponse()
        body = response.read()
        milliseconds = (time.perf_counter() - begun) * 1000
        if response.status != wanted:
            raise RuntimeError(f"{path} answered {response.status}")
        return milliseconds, int(response.headers["X-Queries"]), len(body)
