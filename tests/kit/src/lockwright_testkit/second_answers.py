"""What a CA did is not known, and it is asked again: every point of that, and every answer to it.

A point is what the first asking met; an answer is what the second one meets. Both are handlers of
what comes to the server: some let the CA issue and lose what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from lockwright_testkit.cmp_ca import (
    BAD_REQUEST,
    BAD_TIME,
    PKIXCMP,
    SYSTEM_FAILURE,
    SYSTEM_UNAVAIL,
    CmpCa,
    granted,
    kind_of,
)
from lockwright_testkit.est_server import PKCS7, Asked, EstServer, Reply, certs_only

Handler = Callable[[Asked], Reply]
EST, CMP = "est", "cmp"
_TEXT, _HTML = {"Content-Type": "text/plain"}, {"Content-Type": "text/html"}
_PAGE = b"<html><body>Please sign in</body></html>"


@dataclass(frozen=True)
class Wire:
    """A CA as one protocol has it."""

    server: EstServer
    """What everything comes to."""
    is_order: Callable[[Asked], bool]
    """Whether something that comes in is of an order, and not only a question about the CA."""
    usual: Handler
    """What an order gets that nothing disturbs."""
    waits: Handler
    """Nobody has decided yet."""
    other: Handler
    """A certificate for another key."""
    media: Mapping[str, str]
    """The media type of an answer."""
    only: Mapping[str, Handler]
    """Second answers that this protocol has beside those of HTTP."""
    later: Mapping[str, tuple[Handler, ...]] = field(default_factory=dict)
    """Points that this protocol has beside those of every other."""

    def points(self) -> dict[str, tuple[Handler, ...]]:
        """What the first asking meets, message after message; the last of them stays."""
        lost = Reply(200, b"A" * 100, self.media, cut=10)
        spoilt = {
            "the connection broke": lost,
            "no word came": Reply(200, b"A" * 100, self.media, cut=0),
            "it failed": Reply(500, b"trouble", _TEXT),
            "a proxy failed": Reply(504, _PAGE, _HTML),
            "a page came": Reply(200, _PAGE, _HTML),
            "garbage came": Reply(200, b"QUJD", self.media),
            "a redirect came": Reply(307, headers={"Location": "https://elsewhere.example/"}),
            "it was too long": Reply(200, b"A" * 1_100_000, self.media),
        }
        plain = {told: (partial(_just, reply),) for told, reply in spoilt.items()}
        issued = {
            f"{told}, and it issued": (partial(_after, self.usual, reply),)
            for told, reply in spoilt.items()
        }
        return {
            **plain,
            **issued,
            "it waits": (self.waits,),
            "it waits, then the connection broke": (self.waits, partial(_just, lost)),
            "it waits, then it issued and the connection broke": (
                self.waits,
                partial(_after, self.usual, lost),
            ),
            **self.later,
        }

    def answers(self) -> dict[str, Handler]:
        """What the second asking meets."""
        statuses = {
            f"{status}": partial(_just, Reply(status, b"so it is", _TEXT))
            for status in (401, 403, 404, 409, 410, 429, 500, 503)
        }
        return {
            "issued": self.usual,
            "pending": self.waits,
            **statuses,
            "403 as a page": partial(_just, Reply(403, _PAGE, _HTML)),
            "a page": partial(_just, Reply(200, _PAGE, _HTML)),
            "nothing": partial(_just, Reply(200, b"A" * 100, self.media, cut=0)),
            "another certificate": self.other,
            "garbage": partial(_just, Reply(200, b"QUJD", self.media)),
            **self.only,
        }


def est(server: EstServer) -> Wire:
    """Over EST."""
    waits = Reply(202, b"a person looks at it", {**_TEXT, "Retry-After": "0"})
    other = certs_only(_another(server))
    return Wire(
        server,
        lambda asked: asked.operation == "simpleenroll",
        server.order,
        partial(_just, waits),
        partial(_just, other),
        {"Content-Type": PKCS7},
        {},
    )


def cmp(server: EstServer) -> Wire:
    """Over CMP."""
    ca = CmpCa(server)

    def forgets(asked: Asked) -> Reply:
        """The transactions are gone, so that only a new order is known."""
        if ca.read(asked).kind == "p10cr":
            return ca.answer(asked)
        return ca.denied(asked, BAD_REQUEST)

    def other(asked: Asked) -> Reply:
        said = ca.read(asked)
        return ca.answer(asked) if said.kind == "certConf" else granted(said, _another(server))

    def is_order(asked: Asked) -> bool:
        return asked.method == "POST" and kind_of(asked) != "genm"

    denied: dict[str, Any] = {
        told: partial(ca.denied, failure=bit)
        for told, bit in (
            ("badRequest", BAD_REQUEST),
            ("badTime", BAD_TIME),
            ("systemUnavail", SYSTEM_UNAVAIL),
            ("systemFailure", SYSTEM_FAILURE),
        )
    }
    only = {
        **denied,
        "an error that nobody vouches for": partial(
            ca.denied, failure=BAD_REQUEST, authentic=False
        ),
        "an unknown transaction": forgets,
        "a rejection": ca.rejected,
    }
    lost = Reply(200, b"A" * 100, PKIXCMP, cut=10)
    later = {
        "it issued, and the confirmation was not heard": (ca.answer, partial(_just, lost)),
        "it issued and heard the confirmation, and the connection broke": (
            ca.answer,
            partial(_after, ca.answer, lost),
        ),
        "it issued, and refused the confirmation": (ca.answer, denied["badRequest"]),
    }
    return Wire(server, is_order, ca.answer, ca.waiting, other, PKIXCMP, only, later)


WIRES: Mapping[str, Callable[[EstServer], Wire]] = {EST: est, CMP: cmp}


def _just(reply: Reply, _asked: Asked) -> Reply:
    return reply


def _after(usual: Handler, reply: Reply, asked: Asked) -> Reply:
    """What the CA says is lost, and this comes instead."""
    usual(asked)
    return reply


def _another(server: EstServer) -> x509.Certificate:
    return server.ca.issue(ec.generate_private_key(ec.SECP256R1()).public_key())
