"""What to do with the demo, in the order of doing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lockwright.i18n import N_, _

from lockwright_desk.cli.demo.made import Made
from lockwright_desk.cli.demo.people import CLIENTS, Held
from lockwright_desk.web import places

_CERTIFICATE = N_(
    "1. Sign in with a certificate: import its file into the browser, open the page, go on past the"
    " warning (the CA is this demo's own), and choose it:"
)
_PASSKEY = N_("   Or with a passkey: have the browser trust {file}, and enrol with a code:")
_LOCKED = N_("2. Be the client {name}, whose token is locked, in another terminal:")
_NO_TOKENS = N_(
    "2. No token is simulated: lockwright-testkit is not installed. Type any 16 digits of 0-9 and"
    " A-F as the Request; a Response to it is made all the same."
)
_CALL = N_(
    "3. As the operator find {name} by the last digits {digits} and open a case. Say how the caller"
    " was verified, type the Request and its two words, and read the Response out."
)
_SECOND = N_(
    "4. With {name}, {digits}, a second person has to agree: sign in as the approver, too, in a"
    " private window. That client types:"
)
_AFTER = N_("5. As the administrator look at the audit trail and the statistics.")
_INDENT = "   "


def story(made: Made, lines: Mapping[str, str], origin: str) -> Iterator[str]:
    """It, line by line.

    Args:
        made: the demo.
        lines: what each client types, by login; empty without a simulator.
        origin: of the pages.
    """
    first, vip = CLIENTS[0], next(each for each in CLIENTS if each.grade)
    yield _(_CERTIFICATE)
    yield f"{_INDENT}{origin}{places.SIGN_IN}"
    said = _("{name} ({what}): {file}, password {password}")
    for each in made.workers:
        facts = {"name": each.worker.login, "what": _(each.worker.what)}
        told = said.format_map({**facts, "file": each.file, "password": each.password})
        yield f"{_INDENT}{told}"
    yield _(_PASSKEY).format(file=made.settings.ca.certificate)
    yield f"{_INDENT}{origin}{places.ENROL}"
    for each in made.workers:
        yield f"{_INDENT}{each.worker.login}: {each.code}"
    yield _of(_LOCKED if lines else _NO_TOKENS, first)
    yield from _typed(lines, first)
    yield _of(_CALL, first)
    yield _of(_SECOND, vip)
    yield from _typed(lines, vip)
    yield _(_AFTER)


def _of(text: str, client: Held) -> str:
    return _(text).format(name=client.name, digits=client.serial[-4:])


def _typed(lines: Mapping[str, str], client: Held) -> Iterator[str]:
    if client.login in lines:
        yield f"{_INDENT}{lines[client.login]}"
