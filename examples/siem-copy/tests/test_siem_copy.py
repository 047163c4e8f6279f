"""Each operation is told to a collector; one that is away or hangs stops nothing."""

from __future__ import annotations

import json
import os
import re
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest
from lockwright import Config, Runner, Secret
from lockwright.errors import BrokenConfiguration, PinIncorrect
from lockwright.models import Token
from lockwright.registry import Registry
from lockwright_siem_copy import program
from lockwright_testkit.softhsm import USER_PIN, SoftHSM

PIN = Secret(USER_PIN)
_SYSLOG = re.compile(
    rb"<(\d+)>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00) (\S+)"
    rb" lockwright (\d+) (\S+) - (\{.+\})"
)
"""A message of RFC 5424, as far as ours use it."""


@dataclass
class Computer:
    """A computer with the plugin."""

    folder: Path
    runner: Runner
    token: Token

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    def tells(self, to: str, **more: float) -> None:
        numbers = "".join(f"{name} = {number}\n" for name, number in more.items())
        text = f'to = "{to}"\nspool = "{self.spool}"\n{numbers}'
        (self.folder / "siem-copy.toml").write_text(text)

    def makes_a_key(self) -> None:
        self.runner.request(self.token, PIN, "CN=Anna", key_type="ec:p256")

    def waiting(self) -> list[Any]:
        files = sorted(self.spool.glob("*.record"))
        return [json.loads(file.read_text()) for file in files]

    def sends(self) -> int:
        return program.main(self.folder / "siem-copy.toml")


@pytest.fixture
def computer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, softhsm: SoftHSM
) -> Iterator[Computer]:
    (tmp_path / "spool").mkdir()
    (tmp_path / "plugged_siem_copy.py").write_text(
        "from pathlib import Path\nfrom lockwright_siem_copy.copy import SiemCopy\n"
        f"plugin = SiemCopy(Path({str(tmp_path / 'siem-copy.toml')!r}))\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "plugged_siem_copy", raising=False)
    softhsm.add_token("Anna")
    copy = EntryPoint("audit-copy", "plugged_siem_copy:plugin", "lockwright")
    points = (*entry_points(group="lockwright"), copy)
    registry = Registry(found=points)
    with Runner(Config(audit=None), registry=registry, isolate=False) as runner:
        yield Computer(tmp_path, runner, runner.find())


@dataclass
class Heard:
    """What a collector was told over TCP."""

    port: int
    messages: list[tuple[str, Any]] = field(default_factory=list)


@contextmanager
def collector() -> Iterator[Heard]:
    """A collector that reads octet-counted syslog (RFC 6587) and ends each connection in order."""
    with ExitStack() as undone:
        server = undone.enter_context(socket.create_server(("127.0.0.1", 0)))
        heard = Heard(server.getsockname()[1])
        ended = threading.Event()

        def serve() -> None:
            while True:
                connection, _address = server.accept()
                with connection, connection.makefile("rb") as stream:
                    if ended.is_set():
                        return
                    heard.messages += map(_parsed, _counted(stream.read()))

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield heard
        finally:
            ended.set()
            socket.create_connection(("127.0.0.1", heard.port)).close()
            thread.join()


def _counted(stream: bytes) -> Iterator[bytes]:
    while stream:
        length, _space, rest = stream.partition(b" ")
        yield rest[: int(length)]
        stream = rest[int(length) :]


def _parsed(message: bytes) -> tuple[str, Any]:
    found = _SYSLOG.fullmatch(message)
    assert found, message
    assert found[5].decode() == json.loads(found[6])["hook"].removeprefix("lockwright_")
    return found[1].decode(), json.loads(found[6])


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def test_each_operation_is_told_as_syslog_with_what_became_of_it(computer: Computer) -> None:
    with collector() as heard:
        computer.tells(f"tcp://127.0.0.1:{heard.port}", seconds=60)
        computer.makes_a_key()
        with pytest.raises(PinIncorrect):
            computer.runner.list(computer.token, Secret("not-the-pin"))

    told = [(priority, each["hook"], each["outcome"]) for priority, each in heard.messages]
    assert ("110", "lockwright_generate", "ok") in told, "log audit (13) * 8 + informational (6)"
    assert told[-1] == ("108", "lockwright_list", "error")
    last = heard.messages[-1][1]
    assert (last["error"], last["ckr"]) == ("pin-incorrect", "0x000000a0")
    made = next(each for _, each in heard.messages if each["hook"] == "lockwright_generate")
    assert made["facts"]["key_type"] == "ec:p256"
    assert made["token"]["serial"] == computer.token.serial
    assert len(made["result"]["public_key_sha256"]) == 64
    assert "not-the-pin" not in str(heard.messages)
    assert USER_PIN not in str(heard.messages)
    assert computer.waiting() == []


def test_what_a_collector_missed_is_delivered_later_in_order_and_once(computer: Computer) -> None:
    port = _free_port()
    computer.tells(f"tcp://127.0.0.1:{port}", seconds=60)
    computer.makes_a_key()
    missed = computer.waiting()
    assert [each["hook"] for each in missed][:1] == ["lockwright_generate"]
    assert computer.sends() == 1, "it is still away"

    with collector() as heard:
        computer.tells(f"tcp://127.0.0.1:{heard.port}", seconds=60)
        assert computer.sends() == 0

    assert [each for _, each in heard.messages] == missed
    assert computer.waiting() == []


def test_a_collector_that_breaks_the_connection_has_not_got_it(computer: Computer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def breaks() -> None:
            connection, _address = server.accept()
            linger = (1).to_bytes(4, sys.byteorder) + bytes(4)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            connection.close()

        thread = threading.Thread(target=breaks)
        thread.start()
        computer.tells(f"tcp://127.0.0.1:{server.getsockname()[1]}", seconds=60, pause=600)
        computer.makes_a_key()
        thread.join()

    assert "lockwright_generate" in {each["hook"] for each in computer.waiting()}


def test_an_operation_does_not_wait_for_a_collector_that_hangs(computer: Computer) -> None:
    pipe = computer.folder / "pipe"
    os.mkfifo(pipe)  # to open it waits for a reader, for ever
    computer.tells(f"file://{pipe}", seconds=0.05)

    computer.makes_a_key()

    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        made = computer.runner.list(computer.token, PIN).containers
        assert len(made) == 1
    finally:
        os.close(reader)


def test_a_collector_that_was_away_is_left_alone_for_a_while(computer: Computer) -> None:
    computer.tells(f"tcp://127.0.0.1:{_free_port()}", seconds=60, pause=600)
    computer.makes_a_key()

    with collector() as heard:
        computer.tells(f"tcp://127.0.0.1:{heard.port}", seconds=60, pause=600)
        computer.runner.list(computer.token, PIN)
        assert heard.messages == []
        assert computer.sends() == 0, "but not by who is to deliver"

    assert heard.messages[-1][1]["hook"] == "lockwright_list"


def test_a_full_spool_stops_nothing_and_says_what_is_lost(
    computer: Computer, capfd: pytest.CaptureFixture[str]
) -> None:
    computer.tells(f"tcp://127.0.0.1:{_free_port()}", seconds=60, most=1)

    computer.makes_a_key()

    assert len(computer.waiting()) == 1
    assert "is in the audit trail alone" in capfd.readouterr().err
    assert len(computer.runner.list(computer.token, PIN).containers) == 1


@pytest.mark.parametrize("scheme", ["udp", "unix"])
def test_datagrams_are_a_message_each(
    computer: Computer, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = socket.AF_INET if scheme == "udp" else socket.AF_UNIX
    monkeypatch.chdir(computer.folder)  # a path of a socket is short
    with socket.socket(family, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0) if scheme == "udp" else str(computer.folder / "log"))
        name = server.getsockname()
        where = f"udp://127.0.0.1:{name[1]}" if scheme == "udp" else f"unix://{name}"
        computer.tells(where, seconds=60)
        computer.runner.list(computer.token, PIN)
        _priority, told = _parsed(server.recv(65536))

    assert told["hook"] == "lockwright_list"
    computer.runner.list(computer.token, PIN)
    assert len(computer.waiting()) == 1, "nobody listens any more"


def test_a_file_gets_a_line_each(computer: Computer) -> None:
    computer.tells(f"file://{computer.folder}/copy.jsonl", seconds=60)

    computer.makes_a_key()
    computer.runner.list(computer.token)

    lines = (computer.folder / "copy.jsonl").read_text().splitlines()
    assert json.loads(lines[0])["hook"] == "lockwright_generate"
    assert not [line for line in lines if json.loads(line)["hook"] == "lockwright_list"]


def test_without_settings_nothing_begins(computer: Computer) -> None:
    computer.tells("tcp://127.0.0.1")

    with pytest.raises(BrokenConfiguration, match="tcp://host:port"):
        computer.runner.list(computer.token, PIN)


def test_half_a_record_that_a_crash_left_holds_nothing_up(computer: Computer) -> None:
    computer.tells(f"file://{computer.folder}/copy.jsonl", seconds=60)
    (computer.spool / "00000000000000000000-x.record").write_text('{"v": 1, "ho')

    computer.runner.list(computer.token, PIN)

    assert computer.waiting() == []
    assert len((computer.folder / "copy.jsonl").read_text().splitlines()) == 1
    assert [file.suffix for file in computer.spool.glob("*x.*")] == [".broken"]
