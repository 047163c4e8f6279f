"""What the bank says of cases, second persons, limits and notices."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from lockwright.errors import BrokenConfiguration
from lockwright_desk.configuration import file as configuration
from lockwright_desk.configuration.helpdesk import HelpdeskSettings

LEAST = """
[server]
certificate = "server.pem"
key = "server-key.pem"
[ca]
key_file = "ca-key.pem"
[profiles.client]
"""
SMTP = "[helpdesk.notices.smtp]\nhost = 'mail.bank.example'\n"
HOOK = "[helpdesk.notices.webhook]\nkey_file = 'hook-key'\n"


def read(folder: Path, text: str) -> HelpdeskSettings | None:
    file = folder / "desk.toml"
    file.write_text(LEAST + text, encoding="utf-8")
    return configuration.load(file).helpdesk


def test_without_its_table_there_is_no_help_desk(tmp_path: Path) -> None:
    assert read(tmp_path, "") is None
    assert read(tmp_path, "[helpdesk]") == HelpdeskSettings()


def test_what_the_bank_says_is_what_counts(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        """
[helpdesk]
means = ["call-back", "branch-office"]
words = "confirmed"
ticket = 'INC-\\d+'
[helpdesk.hours]
zone = "Europe/Moscow"
days = ["mon", "fri"]
from = "22:00"
until = "24:00"
holidays = ["2027-01-01"]
[helpdesk.limits]
client_month = 3
[helpdesk.second]
rules = ["grade", "month", "lot"]
grades = ["vip"]
month = 0
every = 20
[helpdesk.notices]
contact = "8 800 000-00-00"
language = "ru"
"""
        + SMTP
        + "from = 'desk@bank.example'\n",
    )

    assert found is not None
    assert found.means == ("call-back", "branch-office")
    assert (found.words_typed, found.ticket) == (False, r"INC-\d+")
    hours = found.hours
    assert (hours.zone, hours.days) == (ZoneInfo("Europe/Moscow"), frozenset({0, 4}))
    assert (hours.opens, hours.closes) == (time(22), time(0))
    assert hours.holidays == {date(2027, 1, 1)}
    assert (found.limits.token_day, found.limits.client_month) == (5, 3)
    second = found.second
    assert (second.grades, second.month, second.every) == (frozenset({"vip"}), 0, 20)
    assert (second.suspended, second.new_holder, second.outside_hours) == (False, None, False)
    assert found.notices.unclosed == timedelta(minutes=30)
    assert found.notices.language == "ru"
    assert found.notices.smtp is not None
    assert (found.notices.smtp.port, found.notices.smtp.tls) == (587, False)
    assert found.notices.channels == ("smtp",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[helpdesk]\nmeans = []", "nobody could be verified"),
        ("[helpdesk]\nmeans = ['Call back']", "small letters, digits and dashes"),
        ("[helpdesk]\nwords = 'shouted'", "words is shouted, not one of typed, confirmed"),
        ("[helpdesk]\nminutes = 0", "must be a whole number, 1 or more"),
        ("[helpdesk]\nword_tries = 11", "word_tries is more than 10"),
        ("[helpdesk]\nticket = '('", "is no regular expression"),
        ("[helpdesk.hours]\nzone = 'Moskau'", "knows no time zone Moskau"),
        ("[helpdesk.hours]\nzone = '/etc/passwd'", "knows no time zone"),
        ("[helpdesk.hours]\ndays = ['monday']", "days is monday, not one of mon"),
        ("[helpdesk.hours]\nfrom = '9'\nuntil = '18:00'", "9 is no time such as 09:00"),
        ("[helpdesk.hours]\nfrom = '25:00'\nuntil = '18:00'", "25:00 is no time"),
        ("[helpdesk.hours]\nfrom = '09:00'", "from and until belong together"),
        ("[helpdesk.hours]\nholidays = ['31.12.2026']", "no day such as 2026-12-31"),
        ("[helpdesk.limits]\ntoken_day = 0", "must be a whole number, 1 or more"),
        ("[helpdesk.second]\nrules = ['mood']", "rules is mood, not one of grade"),
        (SMTP, "host and from are needed"),
        (SMTP + "from = 'Bank <desk@bank.example>'", "is no address such as desk@bank.example"),
        (SMTP + "from = 'x@[y'", "is no address such as desk@bank.example"),
        (SMTP + "from = 'a@.'", "is no address such as desk@bank.example"),
        (SMTP + "from = 'a@b.example'\ntls = 'no'", "tls is no, not one of starttls"),
        (SMTP + "from = 'a@b.example'\nuser = 'a'", "user and password_file belong together"),
        (SMTP + "from = 'a@b.example'\nport = 65536", "port is more than 65535"),
        (HOOK, "url and key_file are needed"),
        (HOOK + "url = 'http://bank.example/'", "is no address such as https://"),
        ('[helpdesk.notices]\ncontact = "a\\nb"', "is to be one line"),
    ],
)
def test_what_has_no_meaning_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(BrokenConfiguration) as caught:
        read(tmp_path, text)

    assert reason in str(caught.value)
