"""The bank's own service is told of a case, and knows by whom."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from bank_mail import Mailbox, Service, service
from help_desk import Bench
from lockwright_desk.configuration.helpdesk import NoticeSettings, WebhookSettings
from lockwright_desk.helpdesk.notices.sender import Ended, Sending
from lockwright_desk.helpdesk.states import Act
from lockwright_testkit.pki import TestCa, server_context
from lockwright_testkit.waiting import until
from notice_bench import nothing_due, notice_of, senders, smtp

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def hooked(
    bench: Bench, bank_ca: TestCa, bank_ca_file: Path, tmp_path: Path
) -> Iterator[tuple[Bench, Service]]:
    """A help desk that tells the bank's own service."""
    key = tmp_path / "hook-key"
    key.write_text(KEY + "\n")
    key.chmod(0o600)
    nothing_due(bench)
    with service(server_context(bank_ca, "localhost")) as running:
        url = f"https://localhost:{running.port}/tell?by=sms"
        bench.set(notices=NoticeSettings(webhook=WebhookSettings(url, key, bank_ca_file)))
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
    hooked: tuple[Bench, Service], mail: Mailbox, bank_ca_file: Path
) -> None:
    bench, told = hooked
    both = replace(bench.settings.notices, smtp=smtp(mail.port, bank_ca_file).smtp)
    bench.set(notices=both)
    bench.closed()

    sending = Sending(senders(bench))
    sending.begin()
    until(lambda: mail.mails and told.posted)
    sending.end()

    assert (len(mail.mails), len(told.posted)) == (1, 1)
