"""What a form sends: text fields, once each unless it is a choice of several."""

from __future__ import annotations

from urllib.parse import parse_qsl

from lockwright.i18n import N_
from starlette.requests import Request

from lockwright_desk.http.body import read_body
from lockwright_desk.http.refusals import Refusal

LONGEST = 16 * 1024
"""Bytes of a form."""
_FIELDS = 64
MEDIA_TYPE = "application/x-www-form-urlencoded"


class FormMalformed(Refusal):
    """No form of ours."""

    code = "form-malformed"
    usual_cost = N_("Nothing was changed.")
    message = N_("What was sent is not a form of this desk.")


class Typed(dict[str, str]):
    """What was typed into a form that is shown again; empty where nothing was."""

    def __missing__(self, name: str) -> str:
        return ""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form; blanks around a value do not matter, an empty one is as none.

    Several values of one field are one text, a space between each.

    Raises:
        FormMalformed: it is none.
        BodyTooLarge, BodyTooSlow, BodyCutOff: it is not read to its end.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await read_body(request.stream(), request.headers.get("content-length"), LONGEST)
    if not body:
        return {}
    if media_type != MEDIA_TYPE:
        raise FormMalformed
    try:
        pairs = parse_qsl(body.decode("ascii"), errors="strict", max_num_fields=_FIELDS)
    except ValueError:
        raise FormMalformed from None
    if any("\0" in part for pair in pairs for part in pair):  # no database takes it
        raise FormMalformed
    fields: dict[str, str] = {}
    for name, value in pairs:
        if said := value.strip():
            fields[name] = f"{fields[name]} {said}" if name in fields else said
    return fields
