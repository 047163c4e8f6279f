"""What the help desk does not do, and what its operator does next."""

from __future__ import annotations

from http import HTTPStatus

from lockwright.i18n import N_

from lockwright_desk.http.refusals import Forbidden, Refusal


class CaseRefused(Refusal):
    """Base: it does not go with the case as it is."""

    code = "case"
    status = HTTPStatus.CONFLICT
    exit_code = 30
    usual_cost = N_("No Response was given.")


class UnknownCase(CaseRefused):
    """No case has that number."""

    code = "case-unknown"
    status = HTTPStatus.NOT_FOUND
    message = N_("There is no case {number}.")
    advice = N_("See them with: lockwright-desk cases list")
    facts_named = ("number",)


class UnknownToken(CaseRefused):
    """No Request of this token is answered."""

    code = "case-token"
    message = N_("No Request of this token is answered: {reason}.")
    advice = N_("Look the token up in the register.")
    facts_named = ("reason",)


class StaleCase(CaseRefused):
    """Somebody else was faster."""

    code = "case-stale"
    message = N_("{by} changed the case {number} a moment ago.")
    advice = N_("Look at it as it is now, and go on from there.")
    facts_named = ("by", "number")


class CaseElsewhere(CaseRefused):
    """The case is not in a state in which this is done."""

    code = "case-state"
    message = N_("This is not possible now; the case {number} is: {state}.")
    advice = N_("Look at it as it is now, and go on from there.")
    facts_named = ("number", "state")


class NotYourCase(CaseRefused, Forbidden):
    """Another operator has it."""

    code = "case-not-yours"
    status = HTTPStatus.FORBIDDEN
    message = N_("The case {number} is {by}'s.")
    advice = N_("Leave it to {by}, or call it off and open another.")
    facts_named = ("by", "number")


class OwnCase(CaseRefused, Forbidden):
    """Whoever opened a case, or is its client, decides nothing in it."""

    code = "case-own"
    status = HTTPStatus.FORBIDDEN
    message = N_("This is your own case: somebody else has to do it.")
    advice = N_("Have another person look at the case.")


class MeansUnknown(CaseRefused):
    """The bank verifies nobody in that way."""

    code = "case-means"
    status = HTTPStatus.BAD_REQUEST
    message = N_("The caller cannot be verified by {means}; there is: {known}.")
    advice = N_("Verify the caller by one of these, or call the case off.")
    facts_named = ("known", "means")


class NotYet(CaseRefused):
    """Something comes before it."""

    code = "case-incomplete"
    message = N_("First comes: {missing}.")
    advice = N_("Do that, and then this.")
    facts_named = ("missing",)


class GroundsUnfit(CaseRefused):
    """Reason or ticket are not what the bank wants."""

    code = "case-grounds"
    status = HTTPStatus.BAD_REQUEST
    message = N_("Reason or ticket cannot be noted: {reason}.")
    advice = N_("Write a reason and a ticket, each on one line.")
    facts_named = ("reason",)


class WordsWrong(CaseRefused):
    """The client said other words than these."""

    code = "case-words"
    message = N_("These are not the words of this Request and this token; wrong in a row: {count}.")
    advice = N_(
        "Have the Request read out once more, group by group. If the words differ again, the"
        " caller has not this token in front of them: call the case off."
    )
    facts_named = ("count",)


class TooManyWords(CaseRefused):
    """Wrong words too often."""

    code = "case-words-too-often"
    message = N_("Wrong words in a row: {count}. This case ends here.")
    advice = N_("Call it off, and tell the person responsible for security.")
    facts_named = ("count",)


class SecondPersonNeeded(CaseRefused):
    """The rules ask for a second person, who has not agreed."""

    code = "case-second"
    message = N_("A second person has to agree first: {why}.")
    advice = N_("The case now waits in the queue of those who approve.")
    facts_named = ("why",)


class CaseTooOld(CaseRefused):
    """The caller was verified too long ago."""

    code = "case-too-old"
    message = N_("The caller was verified more than {minutes} min ago.")
    advice = N_("Call the case off, and open another: the caller is verified anew.")
    facts_named = ("minutes",)


class AnswerOver(CaseRefused):
    """The Response was given, and the time in which it can be seen again is over."""

    code = "case-answer-over"
    message = N_("This case was answered more than {minutes} min ago.")
    advice = N_("Close it, and open another for a new Request.")
    usual_cost = N_("No second Response was given.")
    facts_named = ("minutes",)


class LimitReached(CaseRefused):
    """As many Requests were answered as the bank allows."""

    code = "case-limit"
    status = HTTPStatus.TOO_MANY_REQUESTS
    message = N_("No more Requests are answered {which}: the limit is {most}.")
    advice = N_("Do not work around it: call the person responsible for security.")
    facts_named = ("most", "which")


class AnswerUnclear(CaseRefused):
    """The database broke off at the very moment in which the answer was noted."""

    code = "case-answer-unclear"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    message = N_("Whether this answer was noted is not known: the database does not say.")
    advice = N_("Ask for the answer in this same case once more: it is never given twice.")


class UnknownAlert(CaseRefused):
    """No alert has that number."""

    code = "alert-unknown"
    status = HTTPStatus.NOT_FOUND
    usual_cost = N_("Nothing was changed.")
    message = N_("There is no alert with the number {id}.")
    advice = N_("See them with: lockwright-desk alerts list")
    facts_named = ("id",)
