"""Who stands before the desk: what a browser shows of itself, before anything is believed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Self

from starlette.requests import Request

from lockwright_desk.configuration.settings import Settings
from lockwright_desk.http.caller import Caller

_AGENT_READ = 1024


@dataclass(frozen=True, slots=True)
class Visitor:
    """A browser that asks for something."""

    address: str
    """Where it comes from."""
    certificate: bytes | None = None
    """The client's certificate, DER, whose key the TLS handshake has proved."""
    agent: str = ""
    """What it calls itself (``User-Agent``)."""

    @classmethod
    def of(cls, request: Request, settings: Settings) -> Self:
        """The visitor behind a request.

        Raises:
            Refusal: as ``Caller.of`` does.
        """
        caller = Caller.of(request, settings)
        agent = request.headers.get("user-agent", "")[:_AGENT_READ]
        return cls(caller.address, caller.certificate, agent)

    @property
    def fingerprint(self) -> str | None:
        """SHA-256 of the certificate, lower-case hex; None if none is shown."""
        shown = self.certificate
        return None if shown is None else hashlib.sha256(shown).hexdigest()
