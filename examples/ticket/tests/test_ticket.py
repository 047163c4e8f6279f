"""What destroys or unblocks needs a ticket, which a web service over TLS may be asked about."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import pytest
from lockwright import Config, Responder, Runner, Secret
from lockwright.audit import verify
from lockwright.contract import hooks
from lockwright.errors import BrokenConfiguration, LockwrightError
from lockwright.keys.source import given_key
from lockwright.models import Grounds, KeyForm, Token
from lockwright.registry import Registry
from lockwright_testkit import responding_adapter
from lockwright_testkit.pki import TestCa, pem, server_context
from lockwright_testkit.softhsm import SO_PIN, USER_PIN, SoftHSM
from lockwright_ticket.check import VARIABLE, TicketCheck
from lockwright_ticket.errors import (
    TicketMalformed,
    TicketMissing,
    TicketRefused,
    TicketServiceAway,
)

PIN, NEW_PIN = Secret(USER_PIN), "Kettle-Moss-42"
GOOD = "INC0012345"
FORM = 'form = "INC[0-9]{7}"\nrecord = "tickets.jsonl"\n'
CA = TestCa.root()


@dataclass
class Computer:
    """A computer with the plugin, and a token with a key."""

    folder: Path
    runner: Runner
    token: Token
    eyes: EntryPoint

    def set(self, more: str = "") -> None:
        (self.folder / "ticket.toml").write_text(FORM + more)

    def asks(self, url: str, more: str = "") -> None:
        (self.folder / "ca.pem").write_bytes(pem(CA.certificate))
        self.set(f'[service]\nurl = "{url}/api/{{ticket}}"\nca = "ca.pem"\n{more}')

    def wipe(self) -> None:
        self.runner.apply(self.token, PIN, self.runner.plan_wipe(self.token, PIN))

    def refused(self, kind: type[LockwrightError], reason: str) -> None:
        with pytest.raises(kind, match=reason):
            self.wipe()
        assert len(self.runner.list(self.token, PIN).containers) == 1

    def used(self) -> list[tuple[str, str, str]]:
        file = self.folder / "tickets.jsonl"
        if not file.exists():
            return []
        verify(file)
        kept = [json.loads(line) for line in file.read_text().splitlines()]
        return [(each["ticket"], each["hook"], each["serial"]) for each in kept]


@pytest.fixture
def computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, softhsm: SoftHSM
) -> Iterator[Computer]:
    (tmp_path / "plugged_ticket.py").write_text(
        "from pathlib import Path\nfrom lockwright_ticket.check import TicketCheck\n"
        f"plugin = TicketCheck(Path({str(tmp_path / 'ticket.toml')!r}))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "plugged_ticket", raising=False)
    monkeypatch.delenv(VARIABLE, raising=False)
    softhsm.add_token("Anna")
    ticket = EntryPoint("check-ticket", "plugged_ticket:plugin", "lockwright")
    registry = Registry(found=(*entry_points(group="lockwright"), ticket))
    with Runner(Config(audit=None), registry=registry, isolate=False) as runner:
        found = Computer(tmp_path, runner, runner.find(), ticket)
        found.set()
        runner.request(found.token, PIN, "CN=Anna", key_type="ec:p256")
        yield found


def _silent(*_whatever: object) -> None: ...


@contextmanager
def service(answers: dict[str, tuple[int, object]]) -> Iterator[tuple[str, list[str]]]:
    """A ticket system over TLS: what it answers by path; its URL, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        log_message = _silent  # type: ignore[assignment]  # nothing of it is looked at

        def do_GET(self) -> None:
            asked.append(f"{self.path} {self.headers.get('Authorization', '')}".strip())
            status, answer = answers.get(self.path, (404, None))
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Location", "/api/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.socket = server_context(CA, "127.0.0.1").wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"https://127.0.0.1:{server.server_port}", asked
        finally:
            server.shutdown()
            thread.join()


def test_what_is_guarded_is_what_the_contract_declares() -> None:
    guarded = {name for name in vars(TicketCheck(Path("unread"))) if name.startswith("lockw")}

    meant = {name for name, each in hooks.HOOKS.items() if each.destroys or each.unblocks}
    assert guarded == meant - {"lockwright_unblock_complete"}
    assert {"lockwright_delete", "lockwright_unblock", "lockwright_respond"} <= guarded


def test_nothing_is_destroyed_without_the_number_of_a_ticket(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer.refused(TicketMissing, "wipe the token")
    monkeypatch.setenv(VARIABLE, "please")
    computer.refused(TicketMalformed, "please.* is not the number of a ticket")
    monkeypatch.setenv(VARIABLE, f"{GOOD}\n{GOOD}")
    computer.refused(TicketMalformed, r"\\n")
    assert computer.used() == []

    monkeypatch.setenv(VARIABLE, GOOD)
    computer.wipe()

    assert computer.used() == [(GOOD, "lockwright_wipe", computer.token.serial)]


def test_unblocking_needs_one_as_well_and_a_pin_change_none(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(TicketMissing, match="unblock the PIN"):
        computer.runner.unblock(computer.token, Secret(SO_PIN), Secret(NEW_PIN))
    computer.runner.change_pin(computer.token, PIN, Secret(NEW_PIN))

    monkeypatch.setenv(VARIABLE, GOOD)
    computer.runner.unblock(computer.token, Secret(SO_PIN), Secret("Other-Moss-43"))


def test_a_response_takes_the_ticket_of_its_grounds(computer: Computer, tmp_path: Path) -> None:
    point = EntryPoint(responding_adapter.NAME, responding_adapter.__name__, "lockwright")
    config = Config(audit=None, ledger=tmp_path / "answered.db")
    responder = Responder(config, registry=Registry(found=[point, computer.eyes]))
    inquiry = responder.inquire(
        responding_adapter.NAME,
        responding_adapter.KEY_MODEL,
        "0B53001435596976",
        "A892D75601617C5D",
    ).value
    key = given_key(Secret("7A1F0B52C8D3E94610FE2D3C4B5A69788796A5B4C3D2E1F0"), KeyForm.HEX)

    with pytest.raises(TicketMalformed, match="4711"):
        responder.respond(inquiry, key, Grounds("anna", ticket="4711"))
    assert responder.respond(inquiry, key, Grounds("anna", ticket=GOOD))


def test_the_ticket_system_is_asked_and_what_it_says_counts(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, GOOD)
    token = computer.folder / "authorization"
    token.write_text("Bearer 0123\n")
    expect = 'expect = { state = "open", token = "{serial}", for = "{operation}" }\n'
    known: dict[str, object] = {"state": "closed", "token": computer.token.serial, "for": "wipe"}
    answers: dict[str, tuple[int, object]] = {}
    with service(answers) as (url, asked):
        computer.asks(url, f'authorization = "authorization"\n{expect}')
        token.chmod(0o644)
        computer.refused(TicketServiceAway, "others may read")
        token.chmod(0o600)
        computer.refused(TicketRefused, "does not know it")
        answers[f"/api/{GOOD}"] = (200, known)
        computer.refused(TicketRefused, 'its state is "closed", not open')
        answers[f"/api/{GOOD}"] = (200, known | {"state": "open", "token": "0000"})
        computer.refused(TicketRefused, f'its token is "0000", not {computer.token.serial}')
        answers[f"/api/{GOOD}"] = (200, known | {"state": "open"})
        computer.wipe()

    assert set(asked) == {f"/api/{GOOD} Bearer 0123"}


def test_a_ticket_system_that_cannot_be_asked_is_told_in_a_sentence(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, GOOD)
    odd: list[tuple[int, object, str]] = [
        (500, None, "it answers 500"),
        (302, None, "it answers 302"),
        (200, b"<html>", "no JSON object"),
        (200, [GOOD], "no JSON object"),
    ]
    answers: dict[str, tuple[int, object]] = {}
    with service(answers) as (url, asked):
        computer.asks(url)
        for status, body, reason in odd:
            answers[f"/api/{GOOD}"] = (status, body)
            computer.refused(TicketServiceAway, reason)
        assert len(asked) == len(odd), "no redirect was followed, nothing was asked twice"
        computer.asks(url.replace("127.0.0.1", "localhost"))
        computer.refused(TicketServiceAway, "its certificate is not trusted")
        computer.asks(url)
        (computer.folder / "ca.pem").write_bytes(pem(TestCa.root("CN=Other").certificate))
        computer.refused(TicketServiceAway, "its certificate is not trusted")
    computer.asks(url)
    computer.refused(TicketServiceAway, "could not be looked up at 127.0.0.1:.*refused")


def test_settings_that_mean_nothing_stop_what_is_guarded(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, GOOD)
    for wrong, reason in [
        ('[service]\nurl = "http://tickets/{ticket}"\n', "https"),
        ('[service]\nurl = "https://tickets/"\n', "{ticket}"),
        ('[service]\nurl = "https://t/{ticket}"\nverify = false\n', "verify"),
        ('from = "[0"\n', "from"),
    ]:
        computer.set(wrong)
        computer.refused(BrokenConfiguration, reason)
    (computer.folder / "ticket.toml").write_text('form = "["\n')
    computer.refused(BrokenConfiguration, "unterminated")
