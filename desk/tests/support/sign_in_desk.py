"""A desk that people sign in at, its pages reduced to one that says who it sees, and browsers."""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from anyio import to_thread
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.clock import now
from lockwright_desk.configuration import file as configuration
from lockwright_desk.http.refusals import Refusal
from lockwright_desk.signin import operators, sign_in_codes
from lockwright_desk.signin.console import at_the_console
from lockwright_desk.signin.front import Front
from lockwright_desk.signin.roles import Role, Who
from lockwright_desk.signin.routes import routes
from lockwright_desk.signin.sessions import COOKIE
from lockwright_desk.signin.visitor import Visitor
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.every import METADATA
from soft_passkey import UP, UV, SoftPasskey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

NAME = "desk.bank.test"
ORIGIN = f"https://{NAME}:8443"
ROOT, HOME = "/desk/sign-in", "/desk/queue"
WHO: Who = at_the_console("tests")
_CONFIGURATION = """
[server]
certificate = "server.pem"
key = "server-key.pem"
[ca]
key_file = "ca-key.pem"
[limits]
login_failures = 3
address_failures = 8
[profiles.client]
[signin]
origin = "{origin}"
{more}
"""

FORGED: dict[str, dict[str, object]] = {
    "another site's": {"origin": "https://desk.bank.example"},
    "another port's": {"origin": f"https://{NAME}"},
    "plain http": {"origin": ORIGIN.replace("https", "http")},
    "another name's": {"name": "bank.test"},
    "nobody verified": {"flags": UP},
    "nobody there": {"flags": UV},
    "in a frame": {"framed": True},
}
"""What a passkey, or the browser before it, says that no honest one does; fields of its class."""


@dataclass
class Clock:
    """A clock that a test puts on."""

    time: datetime = datetime(2026, 3, 2, 9, tzinfo=UTC)

    @classmethod
    def real(cls) -> Clock:
        """One that shows what others do, now."""
        return cls(now())

    def __call__(self) -> datetime:
        """Now."""
        return self.time

    def on(self, **much: float) -> None:
        """Later."""
        self.time += timedelta(**much)


@dataclass
class Reply:
    """What a browser got."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        """JSON."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """Of the refusal."""
        return str(self.document["code"])


class SignInDesk:
    """One process of a desk, without the rest of its pages.

    Args:
        folder: an empty folder.
        url: of the database, whose tables are made if they are not there.
        clock: what time it is.
        more: further lines of ``[signin]``, and tables behind it.
    """

    def __init__(self, folder: Path, url: str, clock: Clock, more: str = "") -> None:
        folder.mkdir(exist_ok=True)
        file = folder / "desk.toml"
        file.write_text(_CONFIGURATION.format(origin=ORIGIN, more=more))
        self.clock = clock
        self.settings = configuration.load(file)
        self.database = Database(url)
        METADATA.create_all(self.database.engine)  # as the migrations do, and soon
        self.front = Front(self.settings, self.database, Recorder(self.settings.audit), clock)
        served = routes(self.front, _in_thread, ROOT, HOME)
        self.app = Starlette(
            routes=[*served, Route(HOME, self._home)], exception_handlers={Refusal: _refused}
        )

    def operator(self, name: str, *roles: Role) -> str:
        """Add one; the sign-in code."""
        given = roles or (Role.OPERATOR,)
        operators.add(self.database, WHO, name, name.title(), given, self.clock())
        return self.code(name)

    def code(self, name: str) -> str:
        """Another code."""
        lasts = self.front.settings.code_lasts
        made = sign_in_codes.make(self.database, WHO, name, lasts, self.clock())
        return made.text.reveal_text()

    def enrolled(self, name: str) -> SoftPasskey:
        """Somebody's passkey, enrolled."""
        passkey = SoftPasskey(ORIGIN, NAME)
        reply = Browser(self).enrol(self.operator(name), passkey)
        assert reply.status == 200, reply.body
        return passkey

    def audit(self, hook: str) -> list[dict[str, Any]]:
        """The outcomes that were recorded of something."""
        lines = self.settings.audit.read_text().splitlines()
        records = [json.loads(each) for each in lines]
        return [each for each in records if each["hook"] == hook and each["event"] == "outcome"]

    async def _home(self, request: Request) -> Response:
        visitor = Visitor.of(request, self.settings)
        by_itself = "x-by-itself" in request.headers
        session = await _in_thread(
            functools.partial(
                self.front.who_of, request.cookies.get(COOKIE), visitor, by_itself=by_itself
            )
        )
        return JSONResponse({"name": session.who.name, "roles": sorted(session.who.roles)})


@dataclass
class Browser:
    """A browser: it keeps cookies, says which page sends a request, and may show a certificate."""

    desk: SignInDesk
    address: str = "192.0.2.1"
    agent: str = "Browser/1"
    certificate: x509.Certificate | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)
    """The last ``Set-Cookie`` of each cookie, whole."""

    def home(self, **headers: str) -> Reply:
        """The page that says who it sees."""
        return self.send("GET", HOME, headers=headers)

    def seen(self) -> str | None:
        """Whom the desk sees."""
        reply = self.home()
        return reply.document["name"] if reply.status == 200 else None

    def enrol(self, code: str, passkey: SoftPasskey, label: str = "key") -> Reply:
        """Type a code, and enrol a passkey."""
        asked = self.post("code", {"code": code})
        if asked.status != 200:
            return asked
        said = {"answer": passkey.make(asked.document), "label": label}
        return self.post("code/passkey", said)

    def asks(self) -> dict[str, Any]:
        """Options for a passkey to sign."""
        reply = self.post("passkey/begin", {})
        assert reply.status == 200, reply.body
        found: dict[str, Any] = reply.document
        return found

    def sign_in(self, passkey: SoftPasskey) -> Reply:
        """Sign in with a passkey."""
        return self.post("passkey", {"answer": passkey.sign(self.asks())})

    def post(self, path: str, said: object, **headers: str) -> Reply:
        """POST JSON, as a script of the sign-in page does."""
        body = json.dumps(said).encode()
        sent = {"content_type": "application/json", "origin": ORIGIN, **headers}
        return self.send("POST", f"{ROOT}/{path}", body, sent)

    def send(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Reply:
        """Any request."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        own = {"host": NAME, "user-agent": self.agent, "cookie": cookie}
        given = {name.replace("_", "-"): value for name, value in (headers or {}).items()}
        said = {**own, **given}
        raw = [(name.encode(), value.encode()) for name, value in said.items() if value]
        path, _mark, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": raw,
            "client": (self.address, 40000),
            "server": (NAME, 8443),
            "scheme": "https",
            "extensions": {"tls": {"client_cert_chain": self._chain()}},
        }
        return self._take(asyncio.run(_called(self.desk.app, scope, body)))

    def _chain(self) -> list[str]:
        shown = self.certificate
        return [] if shown is None else [shown.public_bytes(Encoding.PEM).decode()]

    def _take(self, messages: Iterable[Mapping[str, Any]]) -> Reply:
        start, *rest = messages
        found = [(name.decode(), value.decode()) for name, value in start["headers"]]
        for name, value in found:
            if name != "set-cookie":
                continue
            for each in SimpleCookie(value).values():
                self.given[each.key] = value
                if each.value and each["max-age"] != "0":
                    self.cookies[each.key] = each.value
                else:
                    self.cookies.pop(each.key, None)
        body = b"".join(each.get("body", b"") for each in rest)
        return Reply(start["status"], dict(found), body)


async def _called(app: Starlette, scope: dict[str, Any], body: bytes) -> list[Mapping[str, Any]]:
    """What an application answers; a stream of events is left as soon as it has begun."""
    messages: list[Mapping[str, Any]] = []
    bodies = [{"type": "http.request", "body": body, "more_body": False}]
    leaves = asyncio.Event()

    async def receive() -> Any:
        if bodies:
            return bodies.pop(0)
        await leaves.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        messages.append(message)
        if (b"content-type", b"text/event-stream; charset=utf-8") in message.get("headers", ()):
            leaves.set()

    try:
        await app(scope, receive, send)
    except Exception:
        if not messages:  # uvicorn logs what is raised behind an answer
            raise
    return messages


async def _in_thread(work: Any, *arguments: object) -> Any:
    return await to_thread.run_sync(functools.partial(work, *arguments))


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    said = {"code": error.code, "message": str(error)}
    return JSONResponse(said, error.status, dict(error.headers))
