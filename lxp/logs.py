"""One event is one line, whatever somebody put into it."""

import logging
import re

# What follows lets in whoever reads it: an invitation, a new password, an application.
KEYS = re.compile(r"(/account/(?:invitation|password/reset/key)/|/apply/mine/)[^\s?#]+")


class OneLine(logging.Formatter):
    """Escapes line breaks and control characters, so that no value can forge a log entry, and
    leaves out the keys of links."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  named by logging
        line = KEYS.sub(r"\1…", super().formatMessage(record))
        return "".join(
            character if character.isprintable() else f"\\u{ord(character):04x}"
            for character in line
        )
