"""What a program sends in place of a form: a JSON object, and a secret in a header."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from lockwright.console.clean import clean
from lockwright.i18n import N_
from starlette.requests import Request

from lockwright_desk.http.body import read_body
from lockwright_desk.http.refusals import Refusal

MEDIA_TYPE = "application/json"
_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{32,64})", re.IGNORECASE)
_UNFIT = re.compile("[\0\ud800-\udfff]")
_NAME = 60
"""Characters of a name that are told."""


class QuestionUnfit(Refusal):
    """Not what the API is asked."""

    code = "question-unfit"
    usual_cost = N_("Nothing was changed.")
    message = N_("What was sent is not as the API's document has it: {field}.")
    facts_named = ("field",)


def bearer(request: Request) -> str | None:
    """The secret of a request's header (RFC 6750, 2.1); None if there is none."""
    found = _BEARER.fullmatch(request.headers.get("authorization", "").strip())
    return None if found is None else found[1]


def is_json(request: Request) -> bool:
    """Whether a body is said to be JSON, which no form of another site's page can say."""
    said = request.headers.get("content-type", "")
    return said.partition(";")[0].strip().lower() == MEDIA_TYPE


async def read_object(request: Request, longest: int) -> Mapping[str, object]:
    """The JSON object of a request.

    Args:
        request: the request.
        longest: how many bytes it may have.

    Raises:
        QuestionUnfit: it is none, or is not said to be one.
        BodyTooLarge, BodyTooSlow, BodyCutOff: it is not read to its end.
    """
    body = await read_body(request.stream(), request.headers.get("content-length"), longest)
    if not is_json(request):
        raise QuestionUnfit(field="Content-Type")
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise QuestionUnfit(field="JSON")
    return said


def check_fields(said: Mapping[str, object], fields: str) -> None:
    """See that an object has what it is to have, and nothing else, such as a name mistyped.

    Args:
        said: the object.
        fields: names, a space between each, and a question mark behind one that may be missing.

    Raises:
        QuestionUnfit: one is missing, or is not among them.
    """
    known = {each.rstrip("?"): each.endswith("?") for each in fields.split()}
    missing = [name for name, optional in known.items() if not optional and name not in said]
    if wrong := [*missing, *sorted(said.keys() - known)]:
        raise QuestionUnfit(field=clean(wrong[0])[:_NAME])


def text_in(said: Mapping[str, object], name: str) -> str:
    """A text of an object; empty where it is not there.

    Raises:
        QuestionUnfit: it is something else, or no text that a database takes: it has a zero, or
            half of a character (JSON can name a surrogate alone: RFC 8259, 8.2).
    """
    found = said.get(name, "")
    if not isinstance(found, str) or _UNFIT.search(found):
        raise QuestionUnfit(field=name)
    return found.strip()


def number_in(said: Mapping[str, object], name: str) -> int:
    """A whole number of an object.

    Raises:
        QuestionUnfit: it is missing, or something else.
    """
    found = said.get(name)
    if not isinstance(found, int) or isinstance(found, bool) or abs(found) > _MOST:
        raise QuestionUnfit(field=name)
    return found


_MOST = 2**31 - 1
