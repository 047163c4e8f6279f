"""The help desk: every door to a case, each of which asks who it is."""

from __future__ import annotations

from collections.abc import Sequence

from lockwright_desk.helpdesk import alerts, answers, calls, closing, deciding, looking, opening
from lockwright_desk.helpdesk.given import Given
from lockwright_desk.helpdesk.over_line import operators
from lockwright_desk.helpdesk.over_line.operators import Waiting
from lockwright_desk.helpdesk.parts import Parts
from lockwright_desk.helpdesk.register.pages import SIZE
from lockwright_desk.helpdesk.states import Act
from lockwright_desk.helpdesk.views import (
    AlertSeen,
    CaseAt,
    CaseSeen,
    Event,
    Filters,
    Page,
    Taken,
)
from lockwright_desk.signin.roles import Action, Who
from lockwright_desk.store.tables.cases import Way


class HelpDesk:
    """Cases, from the call to the answer, and what follows it.

    Each change names the case as it was seen (``CaseAt``); of two who change one at once, one is
    told (``StaleCase``). What is shown of a case says what whoever asks may do with it.

    Whatever changes or shows something raises ``NotAllowed`` where the role has not that right,
    ``DatabaseAway`` where the database is busy or gone, and, where something is changed,
    ``AuditUnwritable`` where it cannot be recorded; then nothing was done.

    Args:
        parts: what it works with.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def open(self, who: Who, token_id: int, way: Way) -> CaseSeen:
        """Open a case: somebody called about a token.

        Args:
            who: the operator, whose case it is.
            token_id: number of the token in the register.
            way: how the Request comes.

        Raises:
            UnknownToken: there is no such token, nobody holds it, or it is lost or retired.
            OwnCase: the operator is the client.
        """
        who.require(Action.WORK_ON_CASES)
        return opening.open_case(self._parts, who, token_id, way)

    def verify(self, who: Who, at: CaseAt, means: str) -> CaseSeen:
        """Record that the caller is the client.

        Args:
            who: the operator whose case it is.
            at: the case.
            means: by what, one of ``CaseSeen.means_open``.

        Raises:
            MeansUnknown: the bank verifies nobody by that, or not this client.
            UnknownCase, StaleCase, CaseElsewhere, NotYourCase: it is not to be done to this case.
        """
        who.require(Action.WORK_ON_CASES)
        return calls.verify(self._parts, who, at, means)

    def take_request(self, who: Who, at: CaseAt, text: str) -> Taken:
        """Note the Request, as it was heard; until the words are right it can be noted anew.

        Args:
            who: the operator whose case it is.
            at: the case.
            text: what was typed: see ``lockwright.spoken.read_request``.

        Raises:
            RequestMalformed: it is no Request of this model; the reason says where it goes wrong.
            RequestAnswered: it was answered before.
            RuleNotPublic, UnknownVendor: this model is not answered here.
            UnknownCase, StaleCase, CaseElsewhere, NotYourCase: as for ``verify``.
        """
        who.require(Action.WORK_ON_CASES)
        return calls.take_request(self._parts, who, at, text)

    def hear_words(self, who: Who, at: CaseAt, heard: str | None) -> CaseSeen:
        """Compare the words that the client said with those of this Request and this token.

        Args:
            who: the operator whose case it is.
            at: the case.
            heard: two words of either language, or their numbers; None where the operator only
                confirms that the client said those on the screen, if the bank allows that.

        Raises:
            WordsWrong: they are others; it is counted.
            TooManyWords: they were others too often; the case can only be called off.
            NotYet: there is no Request yet, or confirming is not enough.
            UnknownCase, StaleCase, CaseElsewhere, NotYourCase: as for ``verify``.
        """
        who.require(Action.WORK_ON_CASES)
        return calls.hear_words(self._parts, who, at, heard)

    def give_grounds(self, who: Who, at: CaseAt, reason: str, ticket: str) -> CaseSeen:
        """Note why; then the case is ready, or waits for a second person.

        Args:
            who: the operator whose case it is.
            at: the case.
            reason: a line.
            ticket: number of the call in the bank's own system.

        Raises:
            GroundsUnfit: one is missing, or is not as the bank writes them.
            NotYet: there is no Request yet, or its words were not heard.
            UnknownCase, StaleCase, CaseElsewhere, NotYourCase: as for ``verify``.
        """
        who.require(Action.WORK_ON_CASES)
        return calls.give_grounds(self._parts, who, at, reason, ticket)

    def decide(self, who: Who, at: CaseAt, *, agree: bool, why: str) -> CaseSeen:
        """Agree to an answer as the second person, or refuse it.

        Args:
            who: who approves.
            at: the case.
            agree: False to refuse.
            why: a line, which a refusal needs.

        Raises:
            OwnCase: whoever opened it, or is its client, decides nothing.
            GroundsUnfit: it is refused without a reason.
            UnknownCase, StaleCase, CaseElsewhere: as for ``verify``.
        """
        who.require(Action.DECIDE)
        return deciding.decide(self._parts, who, at, agree=agree, why=why)

    def answer(self, who: Who, at: CaseAt) -> Given:
        """The Response, which is recorded before it leaves.

        The same case can ask for the same Response again for some minutes, with whatever revision
        it was last seen: an answer that got lost on the way is not given a second time.

        Args:
            who: the operator whose case it is.
            at: the case.

        Returns:
            The Response, which is the caller's to wipe.

        Raises:
            SecondPersonNeeded: by now the rules ask for one; the case waits.
            LimitReached: the bank allows no more answers.
            RequestAnswered: another case has answered this Request.
            CaseTooOld: the caller was verified too long ago.
            AnswerOver: it was answered, and the time to see it again is over.
            AnswerUnclear: ask again in this same case; nothing is given twice.
            UnknownToken: the token was meanwhile lost or retired, or has no key here.
            KeeperAway, KeeperLimit, TooManyAnswers, KeyUnusable and what else ``Keeper`` raises: it
                gave none; where the reason passes, ask again in this same case.
            UnknownCase, StaleCase, CaseElsewhere, NotYourCase: as for ``verify``.
        """
        who.require(Action.WORK_ON_CASES)
        return answers.answer(self._parts, who, at)

    def close(self, who: Who, at: CaseAt, outcome: Act, why: str = "") -> CaseSeen:
        """Close a case; the client is told on another channel.

        Args:
            who: the operator whose case it is; to call it off, any operator.
            at: the case.
            outcome: ``WORKED``, ``FAILED`` or ``CALL_OFF``.
            why: a line, which may be empty.

        Raises:
            UnknownCase, StaleCase, CaseElsewhere, NotYourCase: as for ``verify``.
        """
        who.require(Action.WORK_ON_CASES)
        return closing.close(self._parts, who, at, outcome, why)

    def lines(self, who: Who) -> Sequence[Waiting]:
        """Requests that wait on the line and that nobody has taken, the newest first.

        Args:
            who: who looks.
        """
        who.require(Action.SEE_CASES)
        return operators.waiting(self._parts)

    def take_line(self, who: Who, number: str) -> CaseSeen:
        """Open a case for a Request on the line.

        The caller is verified as for one that is dictated; the Request is with the case then.

        Args:
            who: the operator, whose case it is.
            number: the number that the caller reads out; what sets its digits apart does not
                matter.

        Raises:
            NoSuchLine: none waits under that number, or somebody else has taken it.
            UnknownToken: the register has no such token, nobody holds it, or it is lost or retired.
            OwnCase: the operator is the client.
        """
        who.require(Action.WORK_ON_CASES)
        return operators.take(self._parts, who, number)

    def send(self, who: Who, at: CaseAt) -> CaseSeen:
        """Answer, and have the Response go to the client's window, which alone can open it.

        Args:
            who: the operator whose case it is.
            at: the case.

        Raises:
            LineOver: no window waits for the Response to this Request; it can be read out.
            Exception: as for ``answer``.
        """
        who.require(Action.WORK_ON_CASES)
        return operators.send(self._parts, who, at)

    def case(self, who: Who, number: str) -> CaseSeen:
        """A case as it is now.

        Raises:
            UnknownCase: there is none of that number.
        """
        who.require(Action.SEE_CASES)
        return looking.case(self._parts, who, number)

    def history(self, who: Who, number: str) -> Sequence[Event]:
        """What was done in a case, the first thing first.

        Raises:
            UnknownCase: there is none of that number.
        """
        who.require(Action.SEE_CASES)
        return looking.history(self._parts, number)

    def queue(
        self, who: Who, filters: Filters, *, after: int | None = None, most: int = SIZE
    ) -> Page:
        """Cases, the newest first unless the filters say otherwise.

        Args:
            who: who looks.
            filters: which cases.
            after: ``Page.after`` of the page before.
            most: how many on a page.
        """
        who.require(Action.SEE_CASES)
        return looking.queue(self._parts, filters, after=after, most=most)

    def alerts(
        self, who: Who, *, everything: bool = False, after: int | None = None, most: int = SIZE
    ) -> Sequence[AlertSeen]:
        """What somebody should look at, the newest first.

        Args:
            who: who looks.
            everything: also what somebody has seen.
            after: number of the last one of the page before.
            most: how many.
        """
        who.require(Action.SEE_ALERTS)
        return alerts.alerts(self._parts, everything=everything, after=after, most=most)

    def seen(self, who: Who, alert: int) -> None:
        """Note that somebody has looked at an alert; the first one stays noted.

        Raises:
            UnknownAlert: there is none of that number.
        """
        who.require(Action.SEE_ALERTS)
        alerts.seen(self._parts, who, alert)
