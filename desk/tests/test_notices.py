"""The client is told of a case on another channel: by mail and by the bank's own service."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from mailbox import Mailbox, Service, mail_server, service
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from help_desk import ANNA, AUDITOR, Bench
from lockwright_desk.configuration.helpdesk import (
    HoursSettings,
    NoticeSettings,
    SmtpSettings,
    WebhookSettings,
)
from lockwright_desk.helpdesk.notices import spool
from lockwright_desk.helpdesk.notices.sender import Ended, Sender, Sending
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Case, Notice
from lockwright_testkit.pki import TestCa, pem, server_context
from sqlalchemy import select, update

KEY = "0123456789abcdef0123456789abcdef"
NONE: dict[Ended, int] = {}


@pytest.fixture(scope="module")
def ca() -> TestCa:
    return TestCa.root()


@pytest.fixture(scope="module")
def ca_file(ca: TestCa, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("ca") / "ca.pem"
    file.write_bytes(pem(ca.certificate))
    return file


@pytest.fixture(scope="module")
def running_mail(ca: TestCa) -> Iterator[Mailbox]:
    with mail_server(server_context(ca, "localhost")) as box:
        yield box


@pytest.fixture
def mail(running_mail: Mailbox) -> Mailbox:
    for kept in (running_mail.mails, running_mail.recipients, running_mail.replies):
        kept.clear()
    return running_mail


def smtp(port: int, ca_file: Path | None) -> NoticeSettings:
    settings = SmtpSettings(
        "localhost", port, tls=False, sender="desk@bank.example", ca_file=ca_file
    )
    return NoticeSettings(contact="8 800 000-00-00", smtp=settings)


def senders(bench: Bench, database: Database | None = None) -> Sender:
    return Sender(database or bench.database, bench.audit, bench.settings, lambda: bench.now)


def notice_of(bench: Bench, number: str) -> Notice:
    with bench.database.reading() as session:
        chosen = select(Notice).join(Case, Case.id == Notice.case_id)
        return session.scalars(chosen.where(Case.number == number)).one()


@pytest.fixture
def by_mail(bench: Bench, mail: Mailbox, ca_file: Path) -> Bench:
    """A help desk that tells by mail, with nothing due."""
    with bench.database.writing() as session:
        session.execute(update(Notice).values(gave_up_at=bench.now))
    bench.set(notices=smtp(mail.port, ca_file), hours=HoursSettings(ZoneInfo("Europe/Moscow")))
    return bench


def test_a_client_is_told_by_mail_once_the_case_is_closed(by_mail: Bench, mail: Mailbox) -> None:
    client = by_mail.client(name="Ёлкина Анна\r\nBcc: all@bank.example", language="ru")
    case = by_mail.closed(by_mail.token(client))

    assert senders(by_mail).send_due() == {Ended.SENT: 1}

    [told] = mail.mails
    assert mail.recipients == [told["To"].addresses[0].addr_spec]
    assert told["Bcc"] is None
    assert told["From"] == "desk@bank.example"
    assert told["Auto-Submitted"] == "auto-generated"
    text = told.get_content()
    assert case.spoken in told["Subject"]
    assert "Ёлкина" in text
    assert "служба поддержки дала Ответ" in text
    assert f"…{case.token.serial[-4:]}" in text
    assert "2026-11-18 12:30 (UTC+0300)" in text
    assert "8 800 000-00-00" in text
    for typed in ("забыл PIN", "INC-4711", case.token.serial):
        assert typed not in told.as_string() + text
    assert senders(by_mail).send_due() == NONE


def test_a_client_is_told_of_an_answer_whose_case_nobody_closes(
    by_mail: Bench, mail: Mailbox
) -> None:
    case = by_mail.answered(by_mail.token(by_mail.client(language="en")))
    assert senders(by_mail).send_due() == NONE
    by_mail.now += timedelta(minutes=30)

    assert senders(by_mail).send_due() == {Ended.SENT: 1}
    by_mail.desk.close(ANNA, case.at, Act.WORKED)
    assert senders(by_mail).send_due() == NONE

    [told] = mail.mails
    assert "Whether it worked is not known yet." in told.get_content()


def test_who_was_called_for_in_vain_is_told_that_nothing_was_given(
    by_mail: Bench, mail: Mailbox
) -> None:
    case = by_mail.ready(by_mail.token(by_mail.client(language="en")))
    by_mail.desk.close(ANNA, case.at, Act.CALL_OFF, "it was not him")

    senders(by_mail).send_due()

    [told] = mail.mails
    assert "No Response was given" in told.get_content()
    assert "it was not him" not in told.get_content()


def test_a_mail_server_that_is_away_is_tried_again_later_and_later(
    by_mail: Bench, mail: Mailbox, ca_file: Path
) -> None:
    case = by_mail.closed()
    by_mail.set(notices=smtp(1, ca_file))
    for pause in (30, 60, 120):
        assert senders(by_mail).send_due() == {Ended.LATER: 1}
        assert senders(by_mail).send_due() == NONE
        by_mail.now += timedelta(seconds=pause - 1)
        assert senders(by_mail).send_due() == NONE
        by_mail.now += timedelta(seconds=1)
    by_mail.set(notices=smtp(mail.port, ca_file))

    assert senders(by_mail).send_due() == {Ended.SENT: 1}

    found = notice_of(by_mail, case.number)
    assert (found.tries, found.trouble, found.sent_at) == (4, None, by_mail.now)


@pytest.mark.parametrize(
    ("reply", "ended"),
    [("451 try later", Ended.LATER), ("550 \x1b[31mno such person", Ended.GIVEN_UP)],
)
def test_what_the_mail_server_says_decides_whether_it_is_tried_again(
    by_mail: Bench, mail: Mailbox, reply: str, ended: Ended
) -> None:
    case = by_mail.closed()
    mail.replies.append(reply)

    assert senders(by_mail).send_due() == {ended: 1}

    trouble = notice_of(by_mail, case.number).trouble
    assert trouble is not None
    assert reply[:3] in trouble
    assert "\x1b" not in trouble


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "x@", "a b@bank.example"])
def test_who_has_no_address_cannot_be_told_and_somebody_is_alerted(
    by_mail: Bench, mail: Mailbox, email: str
) -> None:
    case = by_mail.closed(by_mail.token(by_mail.client(email=email)))

    assert senders(by_mail).send_due() == {Ended.GIVEN_UP: 1}

    assert mail.mails == []
    [alert] = [each for each in by_mail.desk.alerts(AUDITOR) if each.case == case.number]
    assert (alert.kind, alert.facts) == ("notice-failed", {"channel": "smtp"})


def test_nothing_is_sent_in_clear(by_mail: Bench, ca_file: Path) -> None:
    with mail_server(None) as plain:
        by_mail.set(notices=smtp(plain.port, ca_file))
        by_mail.closed()

        assert senders(by_mail).send_due() == {Ended.LATER: 1}

    assert plain.mails == []


def test_a_mail_server_that_nobody_vouches_for_gets_nothing(by_mail: Bench, mail: Mailbox) -> None:
    by_mail.set(notices=smtp(mail.port, None))
    by_mail.closed()

    assert senders(by_mail).send_due() == {Ended.LATER: 1}

    assert mail.mails == []


def test_a_notice_of_a_sender_that_died_is_sent_by_the_next(by_mail: Bench, mail: Mailbox) -> None:
    case = by_mail.closed()
    taken = spool.take(by_mail.database, by_mail.settings.notices, by_mail.now)
    assert taken is not None
    assert senders(by_mail).send_due() == NONE

    by_mail.now += spool.LEASE

    assert senders(by_mail).send_due() == {Ended.SENT: 1}
    assert case.number in mail.mails[0]["Message-ID"]


def test_a_clock_that_was_ahead_delays_no_notice_for_long(by_mail: Bench, mail: Mailbox) -> None:
    right = by_mail.now
    by_mail.now = right + timedelta(days=300)
    by_mail.closed()

    by_mail.now = right

    assert senders(by_mail).send_due() == {Ended.SENT: 1}
    assert len(mail.mails) == 1


def test_senders_of_several_replicas_send_each_notice_once(
    either_bench: Bench, mail: Mailbox, ca_file: Path
) -> None:
    bench = either_bench
    with bench.database.writing() as session:
        session.execute(update(Notice).values(gave_up_at=bench.now))
    bench.set(notices=smtp(mail.port, ca_file))
    numbers = {bench.closed().number for _each in range(6)}
    url = bench.database.engine.url.render_as_string(hide_password=False)

    with closing(Database(url)) as other, ThreadPoolExecutor(4) as threads:
        work = [senders(bench, each) for each in (bench.database, other) * 2]
        ended = list(threads.map(Sender.send_due, work))

    assert sum(each.get(Ended.SENT, 0) for each in ended) == 6
    found = sorted(str(each["Message-ID"]).split("@")[0].split(".")[1] for each in mail.mails)
    assert found == sorted(numbers)


@pytest.fixture
def hooked(
    bench: Bench, ca: TestCa, ca_file: Path, tmp_path: Path
) -> Iterator[tuple[Bench, Service]]:
    """A help desk that tells the bank's own service."""
    key = tmp_path / "hook-key"
    key.write_text(KEY + "\n")
    key.chmod(0o600)
    with bench.database.writing() as session:
        session.execute(update(Notice).values(gave_up_at=bench.now))
    with service(server_context(ca, "localhost")) as running:
        url = f"https://localhost:{running.port}/tell?by=sms"
        bench.set(notices=NoticeSettings(webhook=WebhookSettings(url, key, ca_file)))
        yield bench, running


def test_the_banks_service_is_told_and_knows_by_whom(hooked: tuple[Bench, Service]) -> None:
    bench, told = hooked
    case = bench.closed(bench.token(bench.client(language="ru")), Act.FAILED)

    assert senders(bench).send_due() == {Ended.SENT: 1}

    [posted] = told.posted
    assert posted.path == "/tell?by=sms"
    signed = dict(part.split("=") for part in posted.headers["Lockwright-Signature"].split(","))
    made = hmac.new(KEY.encode(), signed["t"].encode() + b"." + posted.body, hashlib.sha256)
    assert signed == {"t": str(int(bench.now.timestamp())), "v1": made.hexdigest()}
    document = json.loads(posted.body)
    assert document["case"] == case.number
    assert (document["state"], document["answered"]) == ("failed", True)
    assert document["client"]["login"] == case.client.login
    assert str(document["notice"]) == posted.headers["Lockwright-Notice"]
    assert "забыл" not in posted.body.decode()


def test_a_service_that_fails_is_told_again_under_the_same_number(
    hooked: tuple[Bench, Service],
) -> None:
    bench, told = hooked
    bench.closed()
    told.statuses += [500, 302]

    for ended in (Ended.LATER, Ended.LATER, Ended.SENT):
        assert senders(bench).send_due() == {ended: 1}
        bench.now += timedelta(minutes=2)

    assert len({each.headers["Lockwright-Notice"] for each in told.posted}) == 1
    assert len({each.headers["Lockwright-Signature"] for each in told.posted}) == 3


@pytest.mark.parametrize(("key", "mode"), [("short", 0o600), (KEY, 0o644), (None, 0)])
def test_a_key_that_cannot_be_used_is_told_and_nothing_is_sent(
    hooked: tuple[Bench, Service], key: str | None, mode: int
) -> None:
    bench, told = hooked
    assert bench.settings.notices.webhook is not None
    file = bench.settings.notices.webhook.key_file
    if key is None:
        file.unlink()
    else:
        file.write_text(key)
        file.chmod(mode)
    case = bench.closed()

    assert senders(bench).send_due() == {Ended.LATER: 1}

    assert told.posted == []
    assert KEY not in (notice_of(bench, case.number).trouble or "")


def test_each_hook_has_a_notice_of_its_own(
    hooked: tuple[Bench, Service], mail: Mailbox, ca_file: Path
) -> None:
    bench, told = hooked
    both = replace(bench.settings.notices, smtp=smtp(mail.port, ca_file).smtp)
    bench.set(notices=both)
    bench.closed()

    sending = Sending(senders(bench))
    sending.begin()
    for _each in range(6000):
        if mail.mails and told.posted:
            break
        time.sleep(0.01)
    sending.end()

    assert (len(mail.mails), len(told.posted)) == (1, 1)


def test_pauses_double_up_to_an_hour() -> None:
    found = [spool.pause(tries) // timedelta(seconds=1) for tries in range(1, 12)]

    assert found == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600]
