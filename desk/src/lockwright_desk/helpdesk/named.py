"""What people call states, ways, acts and means; English texts to be translated."""

from __future__ import annotations

from lockwright.i18n import N_

from lockwright_desk.helpdesk.over_line.rows import Stands
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.store.tables.cases import CaseState, Way

STATES: dict[str, str] = {
    CaseState.OPEN: N_("caller not verified"),
    CaseState.VERIFIED: N_("caller verified"),
    CaseState.READY: N_("ready to answer"),
    CaseState.WAITING: N_("waits for a second person"),
    CaseState.AGREED: N_("second person agreed"),
    CaseState.DENIED: N_("second person refused"),
    CaseState.ANSWERED: N_("answered"),
    CaseState.WORKED: N_("worked"),
    CaseState.FAILED: N_("did not work"),
    CaseState.CALLED_OFF: N_("called off"),
}
WAYS: dict[str, str] = {
    Way.DICTATED: N_("dictated"),
    Way.LINE: N_("over the line"),
}
ACTS = {
    Act.OPEN: N_("opened"),
    Act.VERIFY: N_("caller verified"),
    Act.TAKE_REQUEST: N_("Request taken"),
    Act.HEAR_WORDS: N_("check words compared"),
    Act.GIVE_GROUNDS: N_("reason noted"),
    Act.AGREE: N_("second person agreed"),
    Act.REFUSE: N_("second person refused"),
    Act.ANSWER: N_("Response given"),
    Act.SEND: N_("Response sent over the line"),
    Act.WORKED: N_("closed: it worked"),
    Act.FAILED: N_("closed: it did not work"),
    Act.CALL_OFF: N_("called off"),
}
LINES: dict[str, str] = {
    Stands.WAITING: N_("waits"),
    Stands.TAKEN: N_("waits"),
    Stands.ANSWERED: N_("sent, not fetched yet"),
    Stands.RECEIVED: N_("has received the Response"),
    Stands.CALLED_OFF: N_("was closed by the client"),
    Stands.CLOSED: N_("waits no more: the case is closed"),
    Stands.OVER: N_("waits no more: its time is over"),
}
MEANS = {
    "call-back": N_("call back on the number on record"),
    "questions": N_("questions that only the client can answer"),
    "document": N_("a document that was shown"),
}
"""By what callers are verified; a name that only the bank knows is shown as it is."""
