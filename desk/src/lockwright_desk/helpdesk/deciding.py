"""A second person agrees to an answer, or refuses it."""

from __future__ import annotations

from lockwright.i18n import _

from lockwright_desk.helpdesk.change import changing
from lockwright_desk.helpdesk.lines import line, needed
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.refusals import OwnCase
from lockwright_desk.helpdesk.seeing import is_own
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import CaseAt, CaseSeen
from lockwright_desk.signin.roles import Who
from lockwright_desk.store.tables.cases import CaseState


def decide(parts: Parts, who: Who, at: CaseAt, *, agree: bool, why: str) -> CaseSeen:
    """See ``HelpDesk.decide``."""
    with changing(parts, who, at, Act.AGREE if agree else Act.REFUSE, anybody=True) as change:
        case, name = change.case, _("the reason")
        if is_own(case, change.client, who):
            raise OwnCase
        case.decided_why = (line(why, name) or None) if agree else needed(why, name)
        case.state = CaseState.AGREED if agree else CaseState.DENIED
        case.decided_by, case.decided_at = who.name, change.now
        change.facts.update(why=case.decided_why)
    return change.seen
