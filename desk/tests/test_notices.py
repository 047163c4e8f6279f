"""The client is told of a case by mail."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from bank_mail import Mailbox, mail_server
from help_desk import ANNA, AUDITOR, Bench
from lockwright_desk.configuration.helpdesk import HoursSettings
from lockwright_desk.helpdesk.notices import spool
from lockwright_desk.helpdesk.notices.sender import Ended, Sender
from lockwright_desk.helpdesk.notices.smtp import Smtp
from lockwright_desk.helpdesk.notices.texts import Text
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.store.database import Database
from notice_bench import NONE, nothing_due, notice_of, senders, smtp


@pytest.fixture
def by_mail(bench: Bench, mail: Mailbox, bank_ca_file: Path) -> Bench:
    """A help desk that tells by mail, with nothing due."""
    nothing_due(bench)
    bench.set(notices=smtp(mail.port, bank_ca_file), hours=HoursSettings(ZoneInfo("Europe/Moscow")))
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


def test_whose_language_is_not_known_is_told_in_the_banks(by_mail: Bench, mail: Mailbox) -> None:
    by_mail.set(notices=replace(by_mail.settings.notices, language="ru"))
    by_mail.closed()

    senders(by_mail).send_due()

    assert "Здравствуйте" in mail.mails[0].get_content()


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
    by_mail: Bench, mail: Mailbox, bank_ca_file: Path
) -> None:
    case = by_mail.closed()
    by_mail.set(notices=smtp(1, bank_ca_file))
    for pause in (30, 60, 120):
        assert senders(by_mail).send_due() == {Ended.LATER: 1}
        assert senders(by_mail).send_due() == NONE
        by_mail.now += timedelta(seconds=pause - 1)
        assert senders(by_mail).send_due() == NONE
        by_mail.now += timedelta(seconds=1)
    by_mail.set(notices=smtp(mail.port, bank_ca_file))

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


@pytest.mark.parametrize("email", ["", "nobody", "a@b@c", "x@", "a b@bank.example", "x@[y"])
def test_who_has_no_address_cannot_be_told_and_somebody_is_alerted(
    by_mail: Bench, mail: Mailbox, email: str
) -> None:
    case = by_mail.closed(by_mail.token(by_mail.client(email=email)))

    assert senders(by_mail).send_due() == {Ended.GIVEN_UP: 1}

    assert mail.mails == []
    [alert] = [each for each in by_mail.desk.alerts(AUDITOR) if each.case == case.number]
    assert (alert.kind, alert.facts) == ("notice-failed", {"channel": "smtp"})


def test_a_notice_that_fails_unforeseen_keeps_no_other_back(
    by_mail: Bench, mail: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = by_mail.closed(), by_mail.closed()
    sends = Smtp.send

    def fails_once(hook: Smtp, notice: spool.Taken, text: Text) -> None:
        if notice.number == first.number:
            raise ZeroDivisionError
        sends(hook, notice, text)

    with monkeypatch.context() as patch:
        patch.setattr(Smtp, "send", fails_once)
        assert senders(by_mail).send_due() == {Ended.LATER: 1, Ended.SENT: 1}

    assert notice_of(by_mail, second.number).sent_at is not None
    by_mail.now += timedelta(minutes=1)
    assert senders(by_mail).send_due() == {Ended.SENT: 1}


def test_nothing_is_sent_in_clear(by_mail: Bench, bank_ca_file: Path) -> None:
    with mail_server(None) as plain:
        by_mail.set(notices=smtp(plain.port, bank_ca_file))
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
    either_bench: Bench, mail: Mailbox, bank_ca_file: Path
) -> None:
    bench = either_bench
    nothing_due(bench)
    bench.set(notices=smtp(mail.port, bank_ca_file))
    numbers = {bench.closed().number for _each in range(6)}
    url = bench.database.engine.url.render_as_string(hide_password=False)

    with closing(Database(url)) as other, ThreadPoolExecutor(4) as threads:
        work = [senders(bench, each) for each in (bench.database, other) * 2]
        ended = list(threads.map(Sender.send_due, work))

    assert sum(each.get(Ended.SENT, 0) for each in ended) == 6
    found = sorted(str(each["Message-ID"]).split("@")[0].split(".")[1] for each in mail.mails)
    assert found == sorted(numbers)


def test_pauses_double_up_to_an_hour() -> None:
    found = [spool.pause(tries) // timedelta(seconds=1) for tries in range(1, 12)]

    assert found == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600]
