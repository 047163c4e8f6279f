"""Notices to a service of the bank's, which tells the client by whatever it has.

Each is a POST of a JSON document. ``Lockwright-Signature`` holds the time of the try in seconds and
HMAC-SHA-256 over that number, a dot and the body, under the hook's key::

    Lockwright-Signature: t=1764582000,v1=5c1d...

Whoever takes it computes the same, compares in constant time, refuses what is older than some
minutes, and tells the client once for each number of ``Lockwright-Notice``.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import ssl
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from lockwright.console.secret_files import from_file
from lockwright.errors import reason_of
from lockwright.i18n import _

from lockwright_desk.configuration.helpdesk import WebhookSettings
from lockwright_desk.helpdesk.notices.hook import SECONDS, NotSent
from lockwright_desk.helpdesk.notices.spool import Taken
from lockwright_desk.helpdesk.notices.texts import Text

LEAST_KEY = 32
"""Bytes of a key that nobody guesses (RFC 2104, 3: as long as the hash)."""
_TAKEN = range(200, 300)


class Webhook:
    """A service.

    Args:
        settings: where it is, and the key.
        clock: what time it is.
    """

    def __init__(self, settings: WebhookSettings, clock: Callable[[], datetime]) -> None:
        self._settings = settings
        self._clock = clock

    def send(self, notice: Taken, text: Text) -> None:
        """Post it; see ``Hook``."""
        body = json.dumps(document(notice, text), ensure_ascii=False).encode()
        with from_file(str(self._settings.key_file)) as key:
            if len(key) < LEAST_KEY:
                said = _("its key has fewer than {count} bytes")
                raise NotSent(said.format(count=LEAST_KEY))
            headers = {
                "Content-Type": "application/json; charset=utf-8",
                "Lockwright-Notice": str(notice.id),
                "Lockwright-Signature": signature(key.buffer, body, self._clock()),
            }
        try:
            status = self._post(body, headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            reason = reason_of(error)
        else:
            if status in _TAKEN:
                return
            reason = _("the service answers with HTTP status {status}").format(status=status)
        raise NotSent(reason)

    def _post(self, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer; a redirection is none that is followed with a client's data."""
        url = urlsplit(self._settings.url)
        context = ssl.create_default_context(cafile=self._settings.ca_file)
        connection = http.client.HTTPSConnection(
            url.hostname or "", url.port, timeout=SECONDS, context=context
        )
        path = (url.path or "/") + (f"?{url.query}" if url.query else "")
        try:
            connection.request("POST", path, body=body, headers=headers)
            return connection.getresponse().status
        finally:
            connection.close()


def signature(key: bytes | bytearray, body: bytes, now: datetime) -> str:
    """The header that says who has sent a body, and when."""
    at = int(now.timestamp())
    mac = hmac.new(bytes(key), f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={mac.hexdigest()}"


def document(notice: Taken, text: Text) -> dict[str, object]:
    """A notice as the service reads it."""
    return {
        "notice": notice.id,
        "case": notice.number,
        "state": notice.kind.value,
        "answered": notice.answered,
        "at": notice.at.isoformat(),
        "client": {
            "login": notice.login,
            "name": notice.name,
            "phone": notice.phone,
            "email": notice.email,
            "language": notice.language,
        },
        "token": {"serial": notice.serial, "label": notice.label},
        "text": {"subject": text.subject, "body": text.body},
    }
