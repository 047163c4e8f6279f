"""What an operator's program is told, as docs/reference/operator-api.json has it."""

from __future__ import annotations

from collections.abc import Mapping

from lockwright.i18n import _, language
from lockwright.spoken import spell

from lockwright_desk.helpdesk import rules
from lockwright_desk.helpdesk.given import Given
from lockwright_desk.helpdesk.named import MEANS, STATES
from lockwright_desk.helpdesk.register.shown import TokenShown
from lockwright_desk.helpdesk.views import CaseSeen


def token_said(token: TokenShown) -> Mapping[str, object]:
    """A token of the register, and who holds it."""
    holder = token.holder
    return {
        "id": token.id,
        "adapter": token.adapter,
        "model": token.model,
        "serial": token.serial,
        "label": token.label,
        "state": token.state.value,
        "holder": None if holder is None else {"login": holder.login, "name": holder.name},
    }


def case_said(case: CaseSeen, *, words_typed: bool) -> Mapping[str, object]:
    """A case.

    Args:
        case: as whoever asks may see it.
        words_typed: whether the words have to be typed as they were heard. Then nobody is told
            them before.
    """
    words_typed = words_typed or case.line is not None
    check = case.check if case.words_right or not words_typed else None
    return {
        "number": case.number,
        "revision": case.revision,
        "state": case.state.value,
        "state_text": _(STATES[case.state]),
        "may": sorted(act.value for act in case.may),
        "token": {
            "adapter": case.token.adapter,
            "model": case.token.model,
            "serial": case.token.serial,
        },
        "client": {
            "login": case.client.login,
            "name": case.client.name,
            "phone": case.client.phone,
        },
        "opened_by": case.opened_by,
        "means": [{"name": each, "text": _(MEANS.get(each, each))} for each in case.means_open],
        "verified_by": case.means,
        "request": None if case.request is None else spell(case.request),
        "words_typed": words_typed,
        "words_right": case.words_right,
        "check": None
        if check is None
        else {"words": check.words(language()), "digits": check.digits},
        "reason": case.reason,
        "ticket": case.ticket,
        "second": rules.told(case.second),
        "decided_by": case.decided_by,
        "decided_why": case.decided_why,
    }


def response_said(given: Given) -> Mapping[str, object]:
    """A Response; the copies in it are the connection's, which nobody wipes."""
    spoken = given.spelled()
    return {
        "spoken": spoken,
        "response": "".join(spoken.split()[:-1]),
        "groups": [
            {"characters": each.characters, "words": list(each.words)}
            for each in given.groups(language())
        ],
        "again": given.again,
    }
