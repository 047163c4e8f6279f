"""The line's side towards windows, as its OpenAPI document has it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from help_desk import ANNA, new_request
from jsonschema import Draft202012Validator
from lockwright.line import sealed
from lockwright.spoken import request_check
from lockwright_desk.helpdesk.over_line.strangers import Strangers
from lockwright_desk.store.tables.register import Token
from lockwright_desk.web import line_api
from page_desk import PageDesk
from sign_in_desk import Browser, Clock, Reply
from sqlalchemy import select
from starlette.routing import Route

DOCUMENT = json.loads(
    (Path(__file__).parents[3] / "docs" / "reference" / "line-api.json").read_text()
)
LONG = {"prefer": "wait=30"}


class Line:
    """A desk with a line, and a window that asks by hand."""

    def __init__(self, desk: PageDesk) -> None:
        self.desk, self.bench = desk, desk.bench
        desk.app = line_api.application(desk.site, Strangers(desk.bench.parts()))
        with self.bench.database.reading() as session:
            number = self.bench.token()
            token = session.scalars(select(Token).where(Token.id == number)).one()
            self.serial, self.model = token.serial, token.model
        self.request, self.key = new_request(), X25519PrivateKey.generate()

    @property
    def facts(self) -> dict[str, Any]:
        """A Request."""
        public = self.key.public_key().public_bytes_raw()
        return {
            "adapter": "jacarta",
            "model": self.model,
            "serial": self.serial,
            "request": self.request.hex(),
            "key": base64.b64encode(public).decode(),
        }

    def asks(self, method: str, path: str, said: object = b"", **headers: str) -> Reply:
        """A question, whose answer is as the document has it."""
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        sent = {"content-type": "application/json" if body else "", **headers}
        reply = Browser(self.desk).send(method, f"/line/v1/{path}", body, sent)
        told = DOCUMENT["paths"][f"/line/v1/{path}"][method.lower()]["responses"][str(reply.status)]
        if content := told.get("content"):
            schema = {**content["application/json"]["schema"], "components": DOCUMENT["components"]}
            Draft202012Validator(schema).validate(reply.document)
        else:
            assert reply.body == b""
        return reply

    def opens(self, **changes: object) -> dict[str, str]:
        """Send a Request; how it is asked for then."""
        reply = self.asks("POST", "requests", self.facts | changes)
        assert reply.status == 201, reply.body
        self.opened = reply.document
        return {"authorization": f"Bearer {self.opened['secret']}"}

    def answers(self) -> None:
        """As an operator does it."""
        case = self.bench.desk.take_line(ANNA, self.opened["number"])
        case = self.bench.desk.verify(ANNA, case.at, "call-back")
        words = request_check(self.serial, self.request).words("en")
        case = self.bench.desk.hear_words(ANNA, case.at, words)
        case = self.bench.desk.give_grounds(ANNA, case.at, "PIN", "INC-1")
        self.bench.desk.send(ANNA, case.at)


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    """A desk with a line."""
    made = PageDesk(tmp_path, f"sqlite:///{tmp_path / 'desk.db'}", Clock())
    with closing(made.database):
        yield Line(made)


def test_the_document_names_every_route(line: Line) -> None:
    served = {
        (method.lower(), route.path)
        for route in line.desk.app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }

    assert served == {(method, path) for path, each in DOCUMENT["paths"].items() for method in each}


def test_a_portal_speaks_it_from_the_document_alone(line: Line) -> None:
    by = line.opens()
    assert line.asks("GET", "request", **by).document["state"] == "waiting"
    assert line.asks("GET", "request", **by, if_none_match='"waiting"').status == 304
    line.answers()

    told = line.asks("GET", "request", **by, **LONG, if_none_match='"waiting"').document

    # As the document describes it, without the function that the client's program has.
    info = b"lockwright line, version 1"
    for part in (told["number"].encode(), line.serial.encode(), line.request, told["by"].encode()):
        info += len(part).to_bytes(4, "big") + part
    plain = sealed.unseal_by_hand(line.key, info, base64.b64decode(told["sealed"]))
    assert len(plain.decode().replace(" ", "")) == 2 * len(line.request) + 5
    assert line.asks("POST", "request/received", **by).status == 204
    assert line.asks("GET", "request", **by).document["why"] == "received"
    assert line.asks("POST", "request/received", **by).status == 404


def test_whoever_waits_is_told_when_it_happens(line: Line) -> None:
    by = line.opens()

    async def work() -> Reply:
        waits = asyncio.create_task(
            asyncio.to_thread(line.asks, "GET", "request", **by, **LONG, if_none_match='"waiting"')
        )
        await asyncio.to_thread(line.answers)
        return await waits

    assert asyncio.run(asyncio.wait_for(work(), 60)).document["state"] in {"taken", "answered"}


UNFIT: list[dict[str, object]] = [
    {"serial": ""},
    {"serial": "0B53\0"},
    {"serial": "9" * 65},
    {"serial": 7},
    {"model": "a\nb"},
    {"adapter": "../jacarta"},
    {"request": "A1"},
    {"request": "A" * 130},
    {"request": "XYZ0 1234"},
    {"key": "AAAA"},
    {"key": base64.b64encode(bytes(32)).decode()},
    {"seconds": 0},
    {"seconds": True},
    {"secret": "mine"},
]


def test_what_is_no_request_is_refused(line: Line) -> None:
    for changes in UNFIT:
        reply = line.asks("POST", "requests", line.facts | changes)
        assert (reply.status, reply.code) == (400, "line-unfit"), changes
    for body in (b"", b"[]", b"{", b"[" * 2000, b"\xff"):
        reply = line.asks("POST", "requests", body, content_type="application/json")
        assert (reply.status, reply.code) == (400, "line-unfit"), body
    assert line.bench.desk.lines(ANNA) == []


def test_a_body_too_long_is_not_read(line: Line) -> None:
    assert line.asks("POST", "requests", line.facts | {"model": "A" * 5000}).status == 413


def test_a_form_of_another_site_opens_nothing(line: Line) -> None:
    body = json.dumps(line.facts).encode()

    reply = line.asks("POST", "requests", body, content_type="text/plain")

    assert (reply.status, reply.code) == (400, "line-unfit")
    assert "access-control-allow-origin" not in reply.headers


def test_without_the_secret_nothing_is_told(line: Line) -> None:
    line.opens()
    routes = ("GET", "request"), ("DELETE", "request"), ("POST", "request/received")
    for said in ("", "Bearer", "Bearer short", "Basic " + "A" * 43, "Bearer " + "A" * 43):
        for method, path in routes:
            reply = line.asks(method, path, authorization=said)
            assert (reply.status, reply.code) == (404, "line-unknown"), said
    assert len(line.bench.desk.lines(ANNA)) == 1


def test_a_window_that_calls_off_is_gone_from_the_queue(line: Line) -> None:
    by = line.opens()

    assert line.asks("DELETE", "request", **by).status == 204
    assert line.asks("DELETE", "request", **by).status == 204

    assert line.bench.desk.lines(ANNA) == []
