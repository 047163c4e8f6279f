"""Many enrolments at once over TLS, each with a password and a key of its own, measured."""

from __future__ import annotations

import base64
import http.client
import itertools
import ssl
import statistics
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http import HTTPStatus

from cryptography import x509
from cryptography.hazmat.primitives.serialization import pkcs7
from desk_client import Client, Reply, new_key, request
from desk_home import Home, Server
from lockwright.models import SignatureScheme
from lockwright_desk.enrolment.authority.token import TokenKey
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.enrolment import Certificate
from sqlalchemy import select

_HUNDRED = 100
_TRIES, _PAUSE = 50, 0.1
"""How often, and after how many seconds, a client asks again."""


@dataclass(frozen=True)
class Order:
    """One enrolment to be made."""

    login: str
    password: str
    csr: bytes
    address: str = "127.0.0.1"
    """Where it comes from."""


@dataclass(frozen=True)
class Measured:
    """What came out of a load."""

    statuses: Counter[int]
    """Answers by status; what never came counts as 0."""
    seconds: float
    """From the first request to the last answer."""
    latencies: tuple[float, ...]
    """Seconds from connecting to the whole answer, of each request."""
    serials: frozenset[str]
    """Serial numbers of the certificates that came."""
    stored: frozenset[str]
    """Serial numbers of those logins' certificates in the database."""

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, percent: int) -> float:
        """The latency that so many of a hundred requests stay below, in milliseconds."""
        return statistics.quantiles(self.latencies, n=_HUNDRED)[percent - 1] * 1000


def orders(
    home: Home, count: int, *, kind: str = "0", addresses: Sequence[str] = ("127.0.0.1",)
) -> list[Order]:
    """Passwords and requests, made before anything is measured.

    Args:
        home: the desk.
        count: how many.
        kind: part of their logins, which are made once.
        addresses: where they come from, in turn.
    """
    logins = [f"load-{kind}-{each}" for each in range(count)]
    places = itertools.cycle(addresses)
    return [
        Order(login, password, request(new_key(), ""), next(places))
        for login, password in home.otps(logins).items()
    ]


def run(  # each is a fact of its own
    server: Server,
    wanted: list[Order],
    *,
    times: int = 1,
    others: Sequence[Server] = (),
    at_once: int | None = None,
    again: bool = False,
    meanwhile: Callable[[], None] | None = None,
) -> Measured:
    """Send every order at the same moment, each so many times at once.

    Args:
        server: the server.
        wanted: the orders.
        times: how often each is sent.
        others: further servers of the same database; the orders go to each in turn.
        at_once: how many are under way at the same time; None for all.
        again: whether one that was not answered, or told to ask again, is sent again.
        meanwhile: called once when half of them are answered.
    """
    places = itertools.cycle((server, *others))
    clients = _clients((server, *others), wanted)
    all_of_them = wanted * times
    left = itertools.count(len(all_of_them) // 2, -1)

    def sent(order: Order) -> Reply | None:
        try:
            client = clients[next(places).port, order.address]
            return client.enroll(order.csr, login=order.login, password=order.password)
        except (OSError, ssl.SSLError, http.client.HTTPException):
            return None

    def one(order: Order) -> tuple[float, Reply | None]:
        begun = time.perf_counter()
        reply = sent(order)
        for _each in range(_TRIES if again else 0):
            if reply is not None and reply.status != HTTPStatus.SERVICE_UNAVAILABLE:
                break
            time.sleep(_PAUSE)
            reply = sent(order)
        if next(left) == 0 and meanwhile is not None:
            meanwhile()
        return time.perf_counter() - begun, reply

    begun = time.perf_counter()
    with ThreadPoolExecutor(at_once or len(all_of_them)) as threads:
        answered = list(threads.map(one, all_of_them))
    seconds = time.perf_counter() - begun
    replies = [reply for _taken, reply in answered]
    return Measured(
        statuses=Counter(reply.status if reply else 0 for reply in replies),
        seconds=seconds,
        latencies=tuple(taken for taken, _reply in answered),
        serials=frozenset(_serial(r.body) for r in replies if r and r.status == 200),  # HTTP
        stored=_stored(server.home),
    )


def _clients(
    servers: Sequence[Server], wanted: Sequence[Order]
) -> Mapping[tuple[int, str], Client]:
    """A client for each server and each address that orders come from."""
    addresses = {order.address for order in wanted}
    return {
        (place.port, address): Client(place, address=address)
        for place in servers
        for address in addresses
    }


def signing_rate(home: Home, count: int) -> float:
    """Signatures a second of the CA's key alone, one after the other.

    SoftHSM is asked by a process of its own, so this runs while no server does.
    """
    token = home.settings.ca.token
    assert token is not None
    with closing(TokenKey(token)) as key:
        begun = time.perf_counter()
        for each in range(count):
            key.sign(SignatureScheme.ECDSA_SHA256, each.to_bytes(4))
        return count / (time.perf_counter() - begun)


def _serial(body: bytes) -> str:
    (certificate,) = pkcs7.load_der_pkcs7_certificates(base64.b64decode(body))
    return _text(certificate)


def _text(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:040x}"


def _stored(home: Home) -> frozenset[str]:
    with closing(Database(home.settings.database)) as database, database.reading() as session:
        chosen = select(Certificate.serial).where(Certificate.login.startswith("load-"))
        return frozenset(session.scalars(chosen))
