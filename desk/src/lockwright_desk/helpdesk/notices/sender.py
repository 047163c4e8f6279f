"""Sends notices that are due, beside the pages or by a command; several senders share the work."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lockwright import log as logs
from lockwright.errors import AuditError, LockwrightError
from lockwright.i18n import _
from sqlalchemy import select

from lockwright_desk import clock
from lockwright_desk.audit.recorder import Recorder
from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.errors import DatabaseAway
from lockwright_desk.helpdesk import alerts
from lockwright_desk.helpdesk.alerts import AlertKind
from lockwright_desk.helpdesk.notices import spool
from lockwright_desk.helpdesk.notices.hook import Hook, NotSent
from lockwright_desk.helpdesk.notices.smtp import Smtp
from lockwright_desk.helpdesk.notices.spool import Taken
from lockwright_desk.helpdesk.notices.texts import text_of
from lockwright_desk.helpdesk.notices.webhook import Webhook
from lockwright_desk.store.database import Database
from lockwright_desk.store.tables.cases import Case

PAUSE_SECONDS = 5.0
"""Between two looks."""
_PATIENCE = 1.0

log = logs.get("lockwright.desk")


class Ended(StrEnum):
    """What became of a notice."""

    SENT = "sent"
    LATER = "later"
    """It is tried again."""
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends notices by the hooks of the configuration."""

    database: Database
    audit: Recorder
    settings: HelpdeskSettings
    now: clock.Clock = clock.now

    def send_due(self) -> Mapping[Ended, int]:
        """Send what is due now, one after the other, until nothing is.

        Returns:
            How many came to which end.

        Raises:
            DatabaseAway, AuditUnwritable: what was not sent yet is sent later.
        """
        hooks, ended = self._hooks(), Counter[Ended]()
        while taken := spool.take(self.database, self.settings.notices, self.now()):
            ended[self._send(hooks[taken.channel], taken)] += 1
        return ended

    def _hooks(self) -> Mapping[str, Hook]:
        notices = self.settings.notices
        hooks: dict[str, Hook] = {}
        if notices.smtp is not None:
            hooks["smtp"] = Smtp(notices.smtp)
        if notices.webhook is not None:
            hooks["webhook"] = Webhook(notices.webhook, self.now)
        return hooks

    def _send(self, hook: Hook, notice: Taken) -> Ended:
        facts = {"notice": notice.id, "case": notice.number, "channel": notice.channel}
        with self.audit.operation("desk_notice", **facts, tries=notice.tries) as recorded:
            ended = self._sent(hook, notice)
            recorded["ended"] = ended.value
        if ended is Ended.GIVEN_UP:
            self._alert(notice)
        return ended

    def _sent(self, hook: Hook, notice: Taken) -> Ended:
        try:
            hook.send(notice, text_of(self.settings, notice))
        except NotSent as error:
            trouble, for_good = str(error), error.for_good
        except LockwrightError as error:
            trouble, for_good = str(error), False  # a file with a password or a key
        except Exception as error:  # noqa: BLE001  # one notice must not keep all others back
            log.error("notice-failed", notice=notice.id, kind=type(error).__name__)  # noqa: TRY400
            trouble, for_good = _("it failed; the log says how"), False
        else:
            spool.sent(self.database, notice, self.now())
            return Ended.SENT
        log.warning("notice-not-sent", notice=notice.id, channel=notice.channel, reason=trouble)
        gave_up = spool.failed(self.database, notice, self.now(), trouble, for_good=for_good)
        return Ended.GIVEN_UP if gave_up else Ended.LATER

    def _alert(self, notice: Taken) -> None:
        kind, about = AlertKind.NOTICE_FAILED, {"channel": notice.channel}
        with self.database.writing() as session:
            case = session.scalars(select(Case).where(Case.number == notice.number)).one()
            new = alerts.add(session, kind, self.now(), case, about)
        if new:
            alerts.record(self.audit, {"kind": kind.value, "case": notice.number, **about})


class Sending:
    """Sends in a thread of its own.

    Args:
        sender: the sender; without hooks there is no thread.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._send, name="notices", daemon=True)

    def begin(self) -> None:
        """Send from now on."""
        if self._sender.settings.notices.channels:
            self._thread.start()

    def end(self) -> None:
        """Take no further notice.

        A server of the bank's that is silent keeps nobody waiting: its notice is another sender's.
        """
        self._over.set()
        if self._thread.is_alive():
            self._thread.join(timeout=_PATIENCE)

    def _send(self) -> None:
        while not self._over.is_set():
            try:
                self._sender.send_due()
            except (DatabaseAway, AuditError) as error:
                log.warning("notices", code=error.code, reason=str(error))
            self._over.wait(PAUSE_SECONDS)
