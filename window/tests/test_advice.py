"""What to do after an error: nobody at a window is sent to a command line."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

from lockwright import errors as costs_named
from lockwright.errors import (
    GO_ON,
    AuditUnwritable,
    CaNameMismatch,
    CaServerUntrusted,
    EnrolmentBusy,
    LockwrightError,
    LoginUnfit,
)
from lockwright_window.words.advice import OWN, advised, told
from lockwright_window.words.costs import COSTS

COMMAND = re.compile(r"\blockwright [a-z]|(^|\s)--[a-z]|Ctrl-")
ADMINISTRATORS = re.compile(
    r"\b[a-z_]{2,}\.(\{[a-z]+\}\.)?[a-z_]{2,}|\b[A-Z]{2,}_[A-Z]{2,}|\bwith: \w+ |\bpcscd\b"
)
"""A setting, a variable of the environment, a program or a service of the system."""


def errors(kind: type[LockwrightError] = LockwrightError) -> Iterator[type[LockwrightError]]:
    for each in kind.__subclasses__():
        yield each
        yield from errors(each)


def names(text: str) -> set[str | None]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


def test_no_command_is_advised_when_something_fails_in_the_window() -> None:
    for kind in errors():
        for advice in filter(None, (kind.advice, getattr(kind, "at_first", ""))):
            shown = advised(advice)

            assert not COMMAND.search(shown), shown
            assert not ADMINISTRATORS.search(shown), shown
            assert names(shown) <= names(advice), "a fact that this error has not"


def test_every_own_advice_stands_for_one_of_the_catalogue_when_that_is_reworded() -> None:
    known = {each.advice for each in errors()} | {
        getattr(each, "at_first", "") for each in errors()
    }

    assert OWN.keys() <= known


def test_no_command_is_named_by_what_an_error_cost_when_it_is_shown_in_the_window() -> None:
    costs = {value for name, value in vars(costs_named).items() if name.isupper()}
    costs |= {each.usual_cost for each in errors()}

    for cost in filter(lambda each: isinstance(each, str) and COMMAND.search(each), costs):
        assert cost in COSTS, cost
        assert not COMMAND.search(COSTS[cost])


def test_cost_is_told_in_the_words_of_the_window_when_it_is_one_of_an_enrolment() -> None:
    error = EnrolmentBusy(place="0B53")
    error.cost = GO_ON

    assert (
        told(error).cost
        == "What was begun is kept. Go on with it, or undo it: the window offers both."
    )


def test_code_is_in_the_line_when_support_is_to_be_told_it_and_nowhere_else() -> None:
    unwritable = told(AuditUnwritable(file="/a\n/b", reason="full")).line
    assert unwritable.endswith("the code below. Code for the bank's support: audit-unwritable")
    assert "\n" not in unwritable
    assert "Code for" not in told(LoginUnfit(ca="bank", reason="short")).line


def test_danger_is_told_without_settings_when_the_ca_is_another() -> None:
    for kind in (CaNameMismatch, CaServerUntrusted):
        shown = advised(kind.advice)
        assert shown.startswith("Do not continue: somebody may be between you and the bank.")
