"""One event is one line, whatever somebody put into it; a mistake is told without its words."""

import logging
import re
import traceback
from collections.abc import Iterator
from types import TracebackType

# What follows lets in whoever reads it: an invitation, a new password, an application.
KEYS = re.compile(r"(/account/(?:invitation|password/reset/key)/|/apply/mine/)[^\s?#]+")
TASKS = "celery.app.trace"  # writes the words of a mistake into the line itself


class OneLine(logging.Formatter):
    """Escapes line breaks and control characters, so that no value can forge a log entry, and
    leaves out the keys of links.

    Of a mistake it writes the kind and the place. Its own words may hold what somebody typed (*no
    such answer: …*), and whoever reads a log has no business with that. A kind of mistake whose
    words hold nothing of the kind says so with `may_be_told = True`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """As written from the mistake itself: what another formatter kept of it has its words."""
        if not record.exc_info:
            return super().format(record)
        mistake, args = record.exc_info[1], record.args
        if record.name == TASKS and isinstance(args, dict):
            args = args | {"exc": type(mistake).__qualname__}
        fresh = {"args": args, "exc_text": None, "exc_info": mistake and record.exc_info}
        return super().format(logging.makeLogRecord(vars(record) | fresh))

    def formatException(self, ei) -> str:  # noqa: N802  named by logging
        return "".join(_told(ei[1], ei[2], set())).rstrip()

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  named by logging
        line = KEYS.sub(r"\1…", super().formatMessage(record))
        return "".join(
            character if character.isprintable() else f"\\u{ord(character):04x}"
            for character in line
        )


def _told(mistake: BaseException, trace: TracebackType | None, seen: set[int]) -> Iterator[str]:
    """What led to a mistake, the mistake and, of a group, each in it; each once."""
    seen.add(id(mistake))
    before = mistake.__cause__ or (None if mistake.__suppress_context__ else mistake.__context__)
    if before and id(before) not in seen:
        yield from _told(before, before.__traceback__, seen)
        yield "\nand from there:\n\n"
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(trace)
    words = f": {mistake}" if getattr(mistake, "may_be_told", False) else ""
    yield f"{type(mistake).__qualname__}{words}\n"
    for one in getattr(mistake, "exceptions", ()):
        if id(one) not in seen:
            yield from _told(one, one.__traceback__, seen)
