"""The audit trail gets to the collector: nothing is lost, whatever is away or killed."""

from __future__ import annotations

import hashlib
import http.client
import re
import shutil
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from collector import Collector, running
from desk_home import Home
from lockwright.audit.trail import AuditTrail
from lockwright.files.lock import locked
from lockwright_desk.configuration import siem as configuration
from lockwright_desk.siem import place as places
from lockwright_desk.siem.status import behind
from siem_home import Keys, Sending, operation


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return Keys.made(tmp_path_factory.mktemp("keys"))


@pytest.fixture(params=["syslog", "relp"])
def collector(request: pytest.FixtureRequest, keys: Keys) -> Iterator[Collector]:
    with running(Collector(keys.context, relp=request.param == "relp")) as started:
        yield started


@pytest.fixture
def sending(tmp_path: Path, keys: Keys, collector: Collector) -> Sending:
    return Sending(tmp_path, keys.table(collector.port, relp=collector.relp))


def numbers(collector: Collector) -> Counter[int]:
    return Counter(each.seq for each in collector.messages)


def test_each_record_arrives_with_its_number_and_the_copy_is_chained_as_the_trail_is(
    sending: Sending, collector: Collector
) -> None:
    sending.add(30, client="Анна")

    sent = sending.home.run("siem", "send")
    again = sending.home.run("siem", "send", "--json")

    assert sent.code == 0, sent.err
    assert sent.out == "60 records are at the collector.\n"
    assert again.document == {"sent": 0}
    assert numbers(collector) == Counter(range(1, 61))
    lines = [each.body.encode() for each in collector.messages]
    assert b"\n".join(lines) + b"\n" == sending.file.read_bytes()
    assert f'"previous":"{hashlib.sha256(lines[0]).hexdigest()}"'.encode() in lines[1]
    assert collector.clean_ends >= 1


def test_a_collector_that_is_killed_while_it_hangs_gets_what_it_had_not_read(
    sending: Sending, collector: Collector
) -> None:
    """It was away at first; what the sockets have taken is more than what it has."""
    collector.kill()
    collector.most = 100
    sending.add(250)
    sender = sending.home.start("siem", "send", "--follow")
    collector.start()
    collector.wait(lambda: collector.count == 100)
    time.sleep(0.3)  # in which a sender that believes its socket would take all for sent
    collector.kill()
    collector.most = None
    collector.start()
    collector.wait(lambda: unsent(sending) == 0)
    sender.send_signal(signal.SIGTERM)

    assert sender.wait(60) == 0
    assert numbers(collector).keys() == set(range(1, 501))


def test_a_sender_that_is_killed_sends_again_what_it_does_not_know_to_be_there(
    sending: Sending, collector: Collector
) -> None:
    collector.most = 100
    sending.add(250)
    sender = sending.home.start("siem", "send", "--follow")
    collector.wait(lambda: collector.count == 100)
    time.sleep(0.3)
    sender.kill()
    sender.wait(60)
    collector.kill()
    collector.most = None
    collector.start()

    ended = sending.home.run("siem", "send")

    assert ended.code == 0, ended.err
    assert numbers(collector).keys() == set(range(1, 501))


def test_what_a_collector_had_only_in_memory_when_it_was_killed_is_sent_again(
    tmp_path: Path, keys: Keys
) -> None:
    """It had read everything, and had ended the connection in order."""
    with running(Collector(keys.context, memory=1000)) as collector:
        sending = Sending(tmp_path, keys.table(collector.port, settled_seconds=60))
        sending.add(10)
        sender = sending.home.start("siem", "send", "--follow")
        collector.wait(lambda: collector.clean_ends > 0)
        collector.kill()
        assert collector.count == 0
        collector.start()
        collector.wait(lambda: collector.count == 20)
        sender.kill()
        sender.wait(60)

    assert unsent(sending) == 20


def test_a_collector_that_is_killed_while_it_ends_a_connection_gets_all_of_it_again(
    tmp_path: Path, keys: Keys
) -> None:
    """It runs again before anybody could find that it was away."""
    collector = Collector(keys.context, memory=1000)

    def killed(connection: socket.socket) -> None:
        collector.ending = lambda _connection: None
        collector.kill(but=connection)
        collector.start()

    collector.ending = killed
    with running(collector):
        sending = Sending(tmp_path, keys.table(collector.port, settled_seconds=60))
        sending.add(10)
        sender = sending.home.start("siem", "send", "--follow")
        collector.wait(lambda: collector.clean_ends > 1)
        sender.kill()
        sender.wait(60)

        assert numbers(collector).keys() == set(range(1, 21))


def unsent(sending: Sending) -> int:
    """How many records are not known to be at the collector."""
    settings, audit = configuration.load(sending.home.file)
    assert settings is not None
    return behind(settings, audit).records


def test_what_comes_while_it_is_sent_follows_until_the_sender_is_told_to_end(
    sending: Sending, collector: Collector
) -> None:
    sending.add(1)
    sender = sending.home.start("siem", "send", "--follow")
    collector.wait(lambda: collector.count == 2)
    sending.add(2)
    collector.wait(lambda: numbers(collector).keys() == set(range(1, 7)))
    busy = sending.home.run("siem", "send")
    sender.send_signal(signal.SIGTERM)

    assert sender.wait(60) == 0
    assert busy.code == 30
    assert "Another process sends this audit trail already." in busy.err


def test_trails_that_were_put_away_meanwhile_are_sent_first(
    sending: Sending, collector: Collector
) -> None:
    sending.add(2)
    assert sending.home.run("siem", "send").code == 0
    folder = sending.home.folder / "trails"
    folder.mkdir()
    for name, count in (("2026-10", 3), ("2026-11", 1)):
        sending.add(count, month=name)
        for end in ("", ".head"):
            shutil.move(f"{sending.file}{end}", folder / f"{name}.jsonl{end}")
    sending.add(1, month="now")
    behind = sending.home.run("siem", "status", "--json").document["unsent"]

    assert sending.home.run("siem", "send").code == 0

    found = [(each.values["trail"], each.seq) for each in collector.messages]
    first, second, now = dict.fromkeys(trail for trail, _seq in found)
    assert found == [
        *((first, seq) for seq in range(1, 11)),
        *((second, seq) for seq in range(1, 3)),
        *((now, seq) for seq in range(1, 3)),
    ]
    assert behind == 10


def test_a_trail_that_is_put_away_while_it_is_sent_goes_on_in_the_next_one(
    sending: Sending, collector: Collector
) -> None:
    sending.add(1)
    sender = sending.home.start("siem", "send", "--follow")
    collector.wait(lambda: collector.count == 2)
    folder = sending.home.folder / "trails"
    folder.mkdir()
    for end in ("", ".head"):
        shutil.move(f"{sending.file}{end}", folder / f"2026-12.jsonl{end}")
    sending.add(1)
    collector.wait(lambda: collector.count == 4)
    collector.wait(lambda: unsent(sending) == 0)
    sender.send_signal(signal.SIGTERM)

    assert sender.wait(60) == 0
    assert [each.seq for each in collector.messages] == [1, 2, 1, 2]
    assert len({each.values["trail"] for each in collector.messages}) == 2


def test_a_trail_that_is_cut_changed_or_gone_is_told_to_the_collector(
    sending: Sending, collector: Collector
) -> None:
    def told() -> list[str]:
        before = collector.count
        assert sending.home.run("siem", "send").code == 0
        return [each.kind for each in collector.messages[before:]]

    sending.add(3)
    told()
    whole = sending.file.read_bytes().splitlines(keepends=True)
    sending.file.write_bytes(b"".join(whole[:4]))
    cut = told()
    sending.add(1)
    after_it = told()
    lines = sending.file.read_bytes().splitlines(keepends=True)
    sending.add(1)
    text = sending.file.read_bytes()
    sending.file.write_bytes(text.replace(lines[-1], lines[-1].replace(b'"ok"', b'"no"')))
    changed = told()
    sending.file.unlink()
    Path(f"{sending.file}.head").unlink()
    sending.add(1, new=True)
    gone = told()

    assert cut == ["siem_trail_cut"]
    assert after_it[-2:] == ["desk_answer"] * 2
    assert "siem_trail_changed" in changed
    assert gone == ["siem_trail_gone", "desk_answer", "desk_answer"]
    alarms = [each for each in collector.messages if each.kind.startswith("siem_")]
    assert {each.priority for each in alarms} == {13 * 8 + 2}


def test_what_a_crash_cut_short_is_no_record_and_the_next_one_accounts_for_it(
    sending: Sending, collector: Collector
) -> None:
    sending.add(1)
    with sending.file.open("ab") as file:
        file.write(b'{"event":"intent","hook":"desk_an')
    assert sending.home.run("siem", "send").out == "2 records are at the collector.\n"

    sending.add(1)
    assert sending.home.run("siem", "send").code == 0

    assert [each.kind for each in collector.messages] == [
        *["desk_answer"] * 2,
        "torn",
        *["desk_answer"] * 2,
    ]


def test_a_trail_that_somebody_keeps_locked_is_not_taken_for_gone(
    tmp_path: Path, keys: Keys
) -> None:
    """Whoever may read it can hold its lock."""
    with running(Collector(keys.context, relp=True)) as collector:
        sending = Sending(tmp_path, keys.table(collector.port, relp=True))
        sending.add(1)
        assert sending.home.run("siem", "send").code == 0
        with sending.file.open("rb") as held, locked(held.fileno()):
            sender = sending.home.start("siem", "send", "--follow")
            cursor = sending.home.folder / "siem.cursor"
            collector.wait(lambda: bool(places.load(cursor).trouble))
        sending.add(1)
        collector.wait(lambda: collector.count == 4)
        sender.send_signal(signal.SIGTERM)
        assert sender.wait(60) == 0

    assert [each.kind for each in collector.messages] == ["desk_answer"] * 4


def test_a_record_that_is_refused_stays_and_the_reason_is_told(tmp_path: Path, keys: Keys) -> None:
    with running(Collector(keys.context, relp=True, refuse=b"500 disk full")) as collector:
        sending = Sending(tmp_path, keys.table(collector.port, relp=True))
        sending.add(1)
        sender = sending.home.start("siem", "send", "--follow")
        cursor = sending.home.folder / "siem.cursor"
        collector.wait(lambda: bool(places.load(cursor).trouble))
        status = sending.home.run("siem", "status")
        collector.refuse = b""
        collector.wait(lambda: collector.count == 2)
        sender.send_signal(signal.SIGTERM)
        sender.wait(60)

    assert status.code == 0
    assert "2 records are not known to be there; the first is of 20" in status.out
    assert 'the collector refuses a record: "500 disk full"' in status.out


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": "elsewhere.example"}, "its certificate is for another name"),
        ({"ca_file": None}, "no trusted CA issued its certificate"),
        ({"certificate_file": None, "key_file": None}, "the collector refused the desk's certifi"),
        ({"certificate_file": "gone.pem"}, "TLS cannot use"),
        ({"port": 1}, "refused"),
    ],
)
def test_status_says_why_a_collector_cannot_be_reached(
    tmp_path: Path, keys: Keys, changes: dict[str, object], reason: str
) -> None:
    with running(Collector(keys.context, relp=True)) as collector:
        table = keys.table(**{"port": collector.port, "relp": True, **changes})  # type: ignore[arg-type]
        sending = Sending(tmp_path, table)
        status = sending.home.run("siem", "status")
        document = sending.home.run("siem", "status", "--json").document

    assert status.code == 30
    assert reason in status.out
    assert document["reachable"] is False


def test_where_no_collector_is_configured_nothing_is_sent(tmp_path: Path) -> None:
    sending = Sending(tmp_path, "")

    assert "has no table [siem]" in sending.home.run("siem", "send").err
    assert sending.home.run("siem", "status").code == 30


def test_relp_to_this_computer_needs_no_tls(tmp_path: Path, keys: Keys) -> None:
    with running(Collector(None, relp=True)) as collector:
        plain = {"ca_file": None, "certificate_file": None, "key_file": None}
        sending = Sending(tmp_path, keys.table(collector.port, relp=True, tls=False, **plain))
        sending.add(1)

        assert sending.home.run("siem", "send").code == 0

    assert numbers(collector).keys() == {1, 2}


def test_a_server_sends_its_trail_by_one_of_its_processes_and_counts_what_is_left(
    fresh: Home, keys: Keys
) -> None:
    with running(Collector(keys.context)) as collector:
        fresh.extra = "[monitoring]\nport = 0\n" + keys.table(collector.port)
        assert fresh.init().code == 0
        with fresh.serving("--workers", "2") as server:
            [told] = [line for line in server.lines(0, 1) if "Health and metrics at" in line]
            port = int(re.findall(r":(\d+)/", told)[0])
            AuditTrail(fresh.settings.audit).append_all(list(operation()))
            there = len(fresh.settings.audit.read_bytes().splitlines())
            collector.wait(lambda: gauge(port, "unsent_records") == 0)
            busy = fresh.run("siem", "send")
            collector.kill()
            AuditTrail(fresh.settings.audit).append_all(list(operation()))
            collector.wait(lambda: gauge(port, "trouble") == 1)
            unsent = gauge(port, "unsent_records")

    assert numbers(collector).keys() == set(range(1, there + 1))
    assert unsent == 2
    assert busy.code == 30


def gauge(port: int, name: str) -> int:
    """A number of the collector's, as the server's metrics have it."""
    with closing(http.client.HTTPConnection("127.0.0.1", port)) as connection:
        connection.request("GET", "/metrics")
        text = connection.getresponse().read().decode()
    [line] = re.findall(rf"^lockwright_desk_siem_{name} (\d+)$", text, re.MULTILINE)
    return int(line)
