"""A case is closed, and the client told on another channel."""

from __future__ import annotations

from lockwright.i18n import _

from lockwright_desk.helpdesk.change import changing
from lockwright_desk.helpdesk.lines import line
from lockwright_desk.helpdesk.notices import spool
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseAt, CaseSeen
from lockwright_desk.signin.roles import Who
from lockwright_desk.store.tables.cases import CaseState

_OUTCOMES = {
    Act.WORKED: CaseState.WORKED,
    Act.FAILED: CaseState.FAILED,
    Act.CALL_OFF: CaseState.CALLED_OFF,
}


def close(parts: Parts, who: Who, at: CaseAt, outcome: Act, why: str) -> CaseSeen:
    """See ``HelpDesk.close``."""
    state = _OUTCOMES[outcome]
    with changing(parts, who, at, outcome, anybody=outcome is Act.CALL_OFF) as change:
        case = change.case
        case.state, case.closed_at = state, change.now
        if noted := line(why, _("the reason")):
            change.facts["why"] = noted
        spool.prepare(change.session, parts.settings.notices, case, change.now)
    return change.seen
