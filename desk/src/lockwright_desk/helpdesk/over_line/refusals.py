"""What does not go over the line."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from lockwright.i18n import N_

from lockwright_desk.helpdesk.refusals import CaseRefused
from lockwright_desk.http.refusals import Refusal


class LineUnknown(Refusal):
    """No Request waits under that secret; whether one ever did is not said."""

    code = "line-unknown"
    status = HTTPStatus.NOT_FOUND
    message = N_("No Request waits under this secret.")


class LineUnfit(Refusal):
    """What was sent is no Request of the line."""

    code = "line-unfit"
    message = N_("This is not a Request as the line takes it: {reason}.")
    facts_named = ("reason",)


class LineFull(Refusal):
    """Too many Requests came, of this token, from this address, or at all."""

    code = "line-full"
    status = HTTPStatus.TOO_MANY_REQUESTS
    message = N_("No more Requests are taken over the line for now; read this one out instead.")
    facts_named = ("seconds",)

    @property
    def headers(self) -> Mapping[str, str]:
        """When to ask again."""
        return {"Retry-After": str(self.facts["seconds"])}


class NoSuchLine(CaseRefused):
    """Nothing waits under that number."""

    code = "line-number"
    status = HTTPStatus.NOT_FOUND
    message = N_("No Request waits on the line under the number {number}.")
    advice = N_("Have the number read out once more; it ends with the client's window.")
    facts_named = ("number",)


class LineOver(CaseRefused):
    """The client's window waits no more, or for another Request."""

    code = "line-over"
    message = N_("The client's window does not wait on the line any more.")
    advice = N_("If the client still has the Request on the screen, read the Response out instead.")
    usual_cost = N_("Nothing was sent.")
