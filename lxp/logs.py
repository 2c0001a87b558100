"""One event is one line, whatever somebody put into it."""

import logging


class OneLine(logging.Formatter):
    """Escapes line breaks and control characters, so that no value can forge a log entry."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  named by logging
        return "".join(
            character if character.isprintable() else f"\\u{ord(character):04x}"
            for character in super().formatMessage(record)
        )
