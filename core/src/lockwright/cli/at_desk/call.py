"""A case as the call goes: whatever stands next is done, until there is nothing more to do.

The desk says what may be done, and does it; nothing is decided here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import TypeVar

from lockwright.cli.at_desk.given import Given
from lockwright.cli.choice import pick
from lockwright.cli.invocation import Invocation
from lockwright.console.clean import clean
from lockwright.errors import CaseDenied, CaseOver, CaseWaits, HelpDeskRefused
from lockwright.i18n import _
from lockwright.line.case import Case, CaseAnswer, TokenFound
from lockwright.line.operating import Operating
from lockwright.spoken.typed import marked

_PAUSE, _LONGEST_PAUSE = 0.25, 2.0
"""Seconds between two looks at a case that waits for a second person: at first, and later."""
_MISTYPED = {"request-malformed"}
_MISHEARD = {"case-words"}
_UNFIT = {"case-grounds"}
_OUTCOMES = {
    **dict.fromkeys(("y", "yes", "д", "да"), "worked"),
    **dict.fromkeys(("n", "no", "н", "нет"), "failed"),
    **dict.fromkeys(("c", "о"), "call-off"),
    "": "",
}
_T = TypeVar("_T")


class Call:
    """One case.

    Args:
        run: the command.
        desk: the help desk.
        given: what the command line says.
    """

    def __init__(self, run: Invocation, desk: Operating, given: Given) -> None:
        self._run = run
        self._desk = desk
        self._given = given
        self.case: Case | None = None
        """The case, once there is one."""

    def begin(self) -> Case:
        """The case to go on with, or a new one."""
        number = self._given.case
        self.case = self._opened() if number is None else self._desk.see(number)
        return self.case

    def until_answered(self) -> CaseAnswer:
        """Each step to the Response.

        Raises:
            HelpDeskError: it does not go on.
        """
        while True:
            case = self.now()
            if (step := self._next(case)) is not None:
                step(case)
            elif "answer" in case.may:
                if (answer := self._answer(case)) is not None:
                    return answer
            elif case.state == "denied":
                by, reason = case.decided_by, case.decided_why
                raise CaseDenied(number=case.spoken, by=by, reason=reason)
            else:
                raise CaseOver(number=case.spoken, state=case.state_text)

    def _next(self, case: Case) -> Callable[[Case], None] | None:
        """What stands before the Response; None where nothing does."""
        steps = {
            "verify": (self._verify, True),
            "take-request": (self._take, not case.request),
            "hear-words": (self._hear, not case.words_right),
            "give-grounds": (self._explain, True),
        }
        for name, (step, open_still) in steps.items():
            if name in case.may and open_still:
                return step
        return self._wait if case.state == "waiting" else None

    def _answer(self, case: Case) -> CaseAnswer | None:
        """The Response; None where by now a second person is asked."""
        try:
            self.case, answer = self._desk.answer(case)
        except HelpDeskRefused as error:
            if error.facts["desk_code"] != "case-second":
                raise
            self.case = self._desk.see(case.number)
            return None
        return answer

    def close(self) -> Case:
        """Close it as was said, or as a person says; it may stay as it is."""
        case = self.now()
        if (outcome := self._given.outcome or self._ask_outcome()) != "":
            self.case = case = self._desk.close(case, outcome)
        return case

    def _ask_outcome(self) -> str:
        if not self._run.terminal.there:
            return ""
        self._run.terminal.say(_("How did it end? Enter alone leaves the case open."))
        self._run.terminal.say(_("  y: it worked; n: it did not; c: call the case off"))
        while True:
            typed = self._run.terminal.line(_("Did it work? [y/n/c]")).lower()
            if typed in _OUTCOMES:
                return _OUTCOMES[typed]

    def now(self) -> Case:
        """The case as it was seen last."""
        if self.case is None:
            raise RuntimeError("there is no case yet")
        return self.case

    def _opened(self) -> Case:
        say = self._run.terminal.say
        while True:
            question = _("Serial number or its last digits, from the record of the client:")
            typed = self._given.take("serial", self._asked(question))
            found = self._desk.tokens(typed)
            exact = [each for each in found if each.serial.casefold() == typed.casefold()]
            chosen = exact if len(exact) == 1 else found
            if len(chosen) == 1:
                return self._desk.open(chosen[0])
            if not self._run.terminal.there:
                told = _("The register has {number} tokens with this serial number.")
                raise HelpDeskRefused(
                    reason=told.format(number=len(chosen)), desk_code="several-tokens"
                )
            if chosen:
                return self._desk.open(self._picked(chosen))
            say(_("The register has no such token."))

    def _picked(self, found: Collection[TokenFound]) -> TokenFound:
        offered = [f"{each.model} {each.serial}, {each.holder}" for each in found]
        return list(found)[self._pick(_("Which token is it?"), offered)]

    def _verify(self, case: Case) -> None:
        means = self._given.take("means", lambda: self._ask_means(case))
        self.case = self._desk.verify(case, means)

    def _ask_means(self, case: Case) -> str:
        names = list(case.means)
        texts = [
            f"{text}: {case.phone}" if name == "call-back" and case.phone else text
            for name, text in case.means.items()
        ]
        self._run.terminal.say(_("What the caller knows of the client proves nothing."))
        return names[self._pick(_("How did you make sure that it is the client?"), texts)]

    def _take(self, case: Case) -> None:
        typed = self._given.take("request", self._asked(_("Request:")))
        answer = self._again(_MISTYPED, lambda: self._desk.take(case, typed))
        if answer is None:
            if carets := marked(typed):
                self._run.terminal.write(f"    {clean(typed)}\n    {carets}\n")
            return
        self.case, notes = answer
        for note in notes:
            self._run.output.note(clean(note))

    def _hear(self, case: Case) -> None:
        """The words; where others were heard, the Request may have been misheard."""
        given = self._given
        if case.words_typed or "check" in given.values:
            heard: str | None = given.take("check", self._ask_words)
        else:
            heard = self._confirmed(case)
        if heard != "":
            answer = self._again(_MISHEARD, lambda: self._desk.hear(case, heard))
            if answer is not None:
                self.case = answer
                return
            self.case = case = self._desk.see(case.number)
        if "take-request" in case.may:
            self._run.terminal.say(_("The Request once more; Enter alone leaves it as it is."))
            if typed := self._run.terminal.line(_("Request:")):
                given.values["request"] = typed
                self._take(case)

    def _ask_words(self) -> str:
        told = _("Have the client read out the two words of the check; do not say them first.")
        self._run.terminal.say(told)
        return self._run.terminal.line(_("The two words as you hear them, or their eight digits:"))

    def _confirmed(self, case: Case) -> str | None:
        """None where the client said those on the screen; nothing where others."""
        if not self._run.terminal.there:
            self._given.take("check", str)
        told = _("Check: {words}, or in digits: {digits}")
        self._run.terminal.say(told.format(words=clean(case.words), digits=clean(case.digits)))
        return None if self._run.terminal.agrees(_("Did the client say exactly these?")) else ""

    def _explain(self, case: Case) -> None:
        reason = self._given.take("reason", self._asked(_("Why is it answered? For the record:")))
        number = _("Number of the call in the bank's own system:")
        ticket = self._given.take("ticket", self._asked(number))
        answer = self._again(_UNFIT, lambda: self._desk.explain(case, reason, ticket))
        if answer is not None:
            self.case = answer

    def _wait(self, case: Case) -> None:
        """Until somebody has decided."""
        if not self._run.terminal.there:
            raise CaseWaits(number=case.spoken, reason=case.second)
        told = _("A second person is asked, because {why}. Ctrl-C leaves the case as it is.")
        self._run.terminal.say(told.format(why=clean(case.second)))
        with self._run.output.working(_("Waiting for a second person")):
            pause = _PAUSE
            while case.state == "waiting":
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                case = self._desk.see(case.number, by_itself=True)
        self.case = case

    def _again(self, codes: Collection[str], ask: Callable[[], _T]) -> _T | None:
        """What the desk answers; None where it was told what is wrong, and can be asked again."""
        try:
            return ask()
        except HelpDeskRefused as error:
            if error.facts["desk_code"] not in codes or not self._run.terminal.there:
                raise
            self._run.terminal.say(clean(str(error.facts["reason"])))
        return None

    def _asked(self, question: str) -> Callable[[], str]:
        return lambda: self._run.terminal.line(question)

    def _pick(self, question: str, offered: Collection[str]) -> int:
        return pick(self._run.terminal, question, [clean(each) for each in offered])
