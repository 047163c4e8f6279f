"""Notices by mail (RFC 5321, 5322), over TLS only."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import localtime

from lockwright.console.clean import clean
from lockwright.console.secret_files import from_file
from lockwright.errors import reason_of
from lockwright.i18n import _

from lockwright_desk.configuration.helpdesk import SmtpSettings
from lockwright_desk.helpdesk.notices.hook import SECONDS, NotSent
from lockwright_desk.helpdesk.notices.spool import Taken
from lockwright_desk.helpdesk.notices.texts import Text
from lockwright_desk.mail_addresses import address_in

_FOR_GOOD = range(500, 600)
"""Replies after which the same message is not tried again (RFC 5321, 4.2.1)."""


class Smtp:
    """A mail server.

    Args:
        settings: where it is, and who sends.
    """

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._sender = Address(addr_spec=settings.sender)

    def send(self, notice: Taken, text: Text) -> None:
        """Mail it; see ``Hook``."""
        message = self._message(notice, text)
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise NotSent(_said(code, said), for_good=code in _FOR_GOOD) from error
        except smtplib.SMTPDataError as error:
            reason = _said(error.smtp_code, error.smtp_error)
            raise NotSent(reason, for_good=error.smtp_code in _FOR_GOOD) from error
        except smtplib.SMTPResponseException as error:
            raise NotSent(_said(error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPNotSupportedError as error:
            # Of the address; what is missing for the connection was told before.
            raise NotSent(_("the mail server takes no such address"), for_good=True) from error
        except (OSError, ValueError) as error:
            raise NotSent(reason_of(error)) from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        settings = self._settings
        context = ssl.create_default_context(cafile=settings.ca_file)
        server = (
            smtplib.SMTP_SSL(settings.host, settings.port, timeout=SECONDS, context=context)
            if settings.tls
            else smtplib.SMTP(settings.host, settings.port, timeout=SECONDS)
        )
        with server:
            server.ehlo_or_helo_if_needed()
            if not settings.tls:
                if not server.has_extn("starttls"):
                    raise NotSent(_("the mail server does not offer STARTTLS"))
                server.starttls(context=context)
                server.ehlo()
            if settings.user is not None and settings.password_file is not None:
                if not server.has_extn("auth"):
                    raise NotSent(_("the mail server does not let anybody sign in"))
                with from_file(str(settings.password_file)) as password:
                    server.login(settings.user, password.reveal_text())
            yield server

    def _message(self, notice: Taken, text: Text) -> EmailMessage:
        """The mail; a second one of the same notice has the same number."""
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = _recipient(notice)
        message["Subject"] = text.subject
        message["Date"] = localtime()
        message["Message-ID"] = f"<notice-{notice.id}.{notice.number}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no machine answers it
        message.set_content(text.body)
        return message


def _recipient(notice: Taken) -> Address:
    if not notice.email:
        raise NotSent(_("the client has no address for mail"), for_good=True)
    found = address_in(notice.email, clean(notice.name))
    if found is None:
        reason = _("the client's address is none that mail can be sent to")
        raise NotSent(reason, for_good=True)
    return found


def _said(code: int, text: bytes | str) -> str:
    """What the server says, one line of it that is safe to show."""
    told = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    line = clean(" ".join(told.split()))[:200]
    return _('the mail server says "{text}"').format(text=f"{code} {line}")
