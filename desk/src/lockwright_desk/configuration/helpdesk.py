"""``[helpdesk]``: what the bank wants of a case, as the rest of the desk sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class HoursSettings:
    """``[helpdesk.hours]``: when the help desk works, by the bank's clock."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """The bank's time zone, in which days and months begin, too."""
    days: frozenset[int] = frozenset(range(7))
    """Days of the week, 0 for Monday."""
    opens: time = time(0)
    closes: time = time(0)
    """The same as ``opens`` for the whole day; earlier than that on the next day."""
    holidays: frozenset[date] = frozenset()

    def inside(self, now: datetime) -> bool:
        """Whether the help desk works then."""
        here = now.astimezone(self.zone)
        day, at = here.date(), here.time()
        if self.opens < self.closes:
            return self._works(day) and self.opens <= at < self.closes
        # A shift that ends on the next day belongs to the day on which it began.
        if at >= self.opens:
            return self._works(day)
        return at < self.closes and self._works(day - timedelta(days=1))

    def month(self, now: datetime) -> datetime:
        """When this month began."""
        here = now.astimezone(self.zone)
        return datetime(here.year, here.month, 1, tzinfo=self.zone)

    def _works(self, day: date) -> bool:
        return day.weekday() in self.days and day not in self.holidays


@dataclass(frozen=True, slots=True)
class AnswerLimits:
    """``[helpdesk.limits]``: how many Requests are answered; None for any number."""

    token_day: int | None = 5
    """For one token in 24 hours."""
    client_day: int | None = 5
    """For all tokens of one client."""
    operator_day: int | None = None
    key_day: int | None = None
    """With one key of the HSM: the token's own, or the one that wraps or derives."""
    token_month: int | None = None
    """For one token in a month of the bank's calendar."""
    client_month: int | None = None
    operator_month: int | None = None
    key_month: int | None = None


@dataclass(frozen=True, slots=True)
class SecondSettings:
    """``[helpdesk.second]``: when a second person has to agree."""

    grades: frozenset[str] = frozenset()
    """Grades of clients for which one always has to."""
    month: int | None = 2
    """From how many unblocks of the client in this month on; None for never."""
    suspended: bool = True
    """For a token that is suspended."""
    new_holder: timedelta | None = timedelta(days=14)
    """For how long after it came into other hands; None for never."""
    outside_hours: bool = True
    every: int | None = None
    """For one in so many, drawn by lot; None for none."""
    refused: bool = True
    """For 24 hours after a second person refused an answer for the same token."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """``[helpdesk.notices.smtp]``: a mail server."""

    host: str
    port: int
    tls: bool
    """TLS from the start; else STARTTLS, without which nothing is sent."""
    sender: str
    """Address that it comes from."""
    ca_file: Path | None = None
    user: str | None = None
    password_file: Path | None = None


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """``[helpdesk.notices.webhook]``: a service of the bank's that tells the client."""

    url: str
    key_file: Path
    """The key that notices are signed with."""
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class NoticeSettings:
    """``[helpdesk.notices]``: how the client is told on another channel."""

    contact: str | None = None
    """Where to call if it was somebody else, as the client reads it."""
    language: str | None = None
    """For a client of whom none is known: ``en`` or ``ru``; None for the server's own."""
    unclosed: timedelta = timedelta(minutes=30)
    """When the client is told of an answer whose case nobody has closed."""
    smtp: SmtpSettings | None = None
    webhook: WebhookSettings | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """Names of the hooks that there are."""
        there = {"smtp": self.smtp, "webhook": self.webhook}
        return tuple(name for name, settings in there.items() if settings is not None)


@dataclass(frozen=True, slots=True)
class LineSettings:
    """``[helpdesk.line]``: Requests that come from the client's window."""

    is_open: bool = False
    """Whether they are taken at all."""
    lasts: timedelta = timedelta(minutes=15)
    """For how long one waits at most."""
    address_hour: int = 30
    """How many are taken from one address in an hour."""
    serial_hour: int = 6
    """How many are taken of one token in an hour."""
    waiting: int = 500
    """How many wait at once."""


@dataclass(frozen=True, slots=True)
class HelpdeskSettings:
    """``[helpdesk]``."""

    means: tuple[str, ...] = ("call-back", "questions", "document")
    """By what callers are verified: names, three of which the desk knows itself."""
    lasts: timedelta = timedelta(minutes=60)
    """For how long after the caller was verified a Request is answered."""
    again: timedelta = timedelta(minutes=10)
    """For how long a Response can be asked for again by its case."""
    words_typed: bool = True
    """Whether the operator types the words; else it is enough to confirm them."""
    word_tries: int = 3
    """How many wrong words in a row end a case."""
    ticket: str | None = None
    """Regular expression of the bank's tickets; None for any text."""
    hours: HoursSettings = field(default_factory=HoursSettings)
    limits: AnswerLimits = AnswerLimits()
    second: SecondSettings = SecondSettings()
    notices: NoticeSettings = NoticeSettings()
    line: LineSettings = LineSettings()
