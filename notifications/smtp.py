"""Mail servers, asked so that it is known whether they may have a message.

TLS is never dropped: a server that does not offer it, or breaks while it is begun, gets nothing.
"""

import smtplib

from django.core.mail.backends import smtp

# The server answered, and refused.
REFUSED = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


class NotHandedOver(OSError):  # noqa: N818  says what is so
    """The server was not reached, or the line went before the text of a message did."""


class Telling:
    """Notes when the text of a message begins to leave."""

    text_left = False

    def data(self, msg):
        self.text_left = True
        return super().data(msg)


class Plain(Telling, smtplib.SMTP):
    """A line that begins without encryption."""


class Encrypted(Telling, smtplib.SMTP_SSL):
    """A line that is encrypted from its first byte."""


class EmailBackend(smtp.EmailBackend):
    """Django's, with `NotHandedOver` wherever no text has left."""

    @property
    def connection_class(self):
        return Encrypted if self.use_ssl else Plain

    def open(self):
        try:
            return super().open()
        except OSError as error:
            if self._partial_connection is not None:
                self._partial_connection.close()
            raise NotHandedOver(type(error).__name__) from error

    def _send(self, email_message):
        self.connection.text_left = False
        try:
            return super()._send(email_message)
        except REFUSED:
            raise
        except OSError as error:
            if self.connection.text_left:
                raise
            raise NotHandedOver(type(error).__name__) from error
