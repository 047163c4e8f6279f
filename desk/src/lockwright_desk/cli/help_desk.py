"""The help desk of a command: cases are shown, and no Response is given."""

from __future__ import annotations

from lockwright.i18n import _
from lockwright.secret import Secret

from lockwright_desk.cli.program import Run
from lockwright_desk.configuration.helpdesk import HelpdeskSettings
from lockwright_desk.errors import DeskNotReady, KeeperAway
from lockwright_desk.helpdesk.adapters import rules_of
from lockwright_desk.helpdesk.custody.port import KeyRecord
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.service import HelpDesk


class _Nobody:
    """Keeps no key."""

    def respond(self, key: KeyRecord, request: bytes) -> Secret:
        """A command answers nothing."""
        del key, request
        raise KeeperAway(reason=_("a command of the desk asks no keeper"))


def settings_of(run: Run) -> HelpdeskSettings:
    """What the bank wants of a case.

    Raises:
        DeskNotReady: this desk has no help desk.
    """
    settings = run.settings.helpdesk
    if settings is None:
        raise DeskNotReady(reason=_("the configuration has no table [helpdesk]"))
    return settings


def help_desk_of(run: Run) -> HelpDesk:
    """The help desk of a run.

    Raises:
        DeskNotReady: this desk has none.
    """
    settings = settings_of(run)
    rules = rules_of(run.settings.adapters)
    return HelpDesk(Parts(run.database, run.audit, _Nobody(), settings, rules, run.now))
