"""Reads ``[helpdesk.notices]``: the hooks that tell a client on another channel."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from lockwright.config.table import Table, Wrong
from lockwright.i18n import LANGUAGES, _

from lockwright_desk.configuration.helpdesk import NoticeSettings, SmtpSettings, WebhookSettings
from lockwright_desk.configuration.values import LAST_PORT, one_of, some, within
from lockwright_desk.mail_addresses import address_in

_TLS = ("starttls", "tls")
_PORTS = {"starttls": 587, "tls": 465}
"""RFC 6409 and RFC 8314."""
_A_DAY = 24 * 60


def read(table: Table, folder: Path) -> NoticeSettings:
    """``[helpdesk.notices]``.

    Args:
        table: the table.
        folder: what its paths are relative to.

    Raises:
        Wrong: something in it has no meaning.
    """
    minutes = within(table, "minutes", 30, 1, _A_DAY)
    language = table.text("language")
    if language is not None:
        some(table, "language", (language,), tuple(LANGUAGES))
    settings = NoticeSettings(
        contact=_line(table, "contact"),
        language=language,
        unclosed=timedelta(minutes=minutes),
        smtp=_smtp(table.table("smtp"), folder),
        webhook=_webhook(table.table("webhook"), folder),
    )
    table.done()
    return settings


def _smtp(table: Table, folder: Path) -> SmtpSettings | None:
    if not table.names:
        return None
    host, sender, tls = table.text("host"), table.text("from"), one_of(table, "tls", _TLS)
    user, password, ca = table.text("user"), table.text("password_file"), table.text("ca_file")
    port = within(table, "port", _PORTS[tls], 1, LAST_PORT)
    table.done()
    if host is None or sender is None:
        raise Wrong(_("[helpdesk.notices.smtp] host and from are needed"))
    if (user is None) != (password is None):
        raise Wrong(_("[helpdesk.notices.smtp] user and password_file belong together"))
    return SmtpSettings(
        host=host,
        port=port,
        tls=tls == "tls",
        sender=_address(sender),
        ca_file=folder / ca if ca else None,
        user=user,
        password_file=folder / password if password else None,
    )


def _webhook(table: Table, folder: Path) -> WebhookSettings | None:
    if not table.names:
        return None
    url, key, ca = table.text("url"), table.text("key_file"), table.text("ca_file")
    table.done()
    if url is None or key is None:
        raise Wrong(_("[helpdesk.notices.webhook] url and key_file are needed"))
    return WebhookSettings(_page(url), folder / key, folder / ca if ca else None)


def _address(text: str) -> str:
    """An address; a name beside it is the desk's to write."""
    found = address_in(text)
    if found is not None and found.domain and text.isascii():
        return text
    said = _("[helpdesk.notices.smtp] from: {text} is no address such as desk@bank.example")
    raise Wrong(said.format(text=text))


def _page(text: str) -> str:
    try:
        found = urlsplit(text)
        if found.scheme == "https" and found.hostname and found.port != 0 and text.isprintable():
            return text
    except ValueError:
        pass
    said = _("[helpdesk.notices.webhook] url: {text} is no address such as https://bank.example/")
    raise Wrong(said.format(text=text))


def _line(table: Table, key: str) -> str | None:
    text = table.text(key)
    if text is not None and not text.isprintable():
        raise Wrong(_("[{table}] {key} is to be one line").format(table=table.name, key=key))
    return text
