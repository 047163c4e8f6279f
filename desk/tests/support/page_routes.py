"""What each route of the help desk needs: the table that tests hold the desk to."""

from __future__ import annotations

from collections.abc import Mapping

from lockwright_desk.signin.front import BACK, SIGNED_OUT
from lockwright_desk.signin.roles import Action, Role, Who
from lockwright_desk.store.tables.cases import Way
from lockwright_desk.web import places
from page_desk import PageDesk
from starlette.applications import Starlette
from starlette.routing import Route

CASE, TOKEN, OPERATOR = "/desk/cases/{number}", "/desk/tokens/{number}", "/desk/operators/{name}"
KNOWN = "known"
"""For whoever is signed in."""
OPEN = "open"
"""For everybody."""
SECRET = "secret"
"""For whoever has the secret of what they have begun, a Request on the line or a way to the bank's
own sign-in; nobody's session is asked for."""

TABLE: dict[tuple[str, str], Action | str] = {
    ("GET", "/desk"): KNOWN,
    ("GET", "/desk/static/{mark}/{name}"): OPEN,
    ("GET", "/desk/sign-in"): OPEN,
    ("GET", "/desk/enrol"): OPEN,
    ("POST", "/desk/sign-out"): OPEN,
    ("POST", "/desk/language"): OPEN,
    ("POST", "/desk/sign-in/code"): OPEN,
    ("POST", "/desk/sign-in/code/passkey"): OPEN,
    ("POST", "/desk/sign-in/passkey/begin"): OPEN,
    ("POST", "/desk/sign-in/passkey"): OPEN,
    ("POST", "/desk/sign-in/certificate"): OPEN,
    ("GET", "/desk/sign-in/oidc"): OPEN,
    ("GET", BACK): SECRET,
    ("POST", SIGNED_OUT): OPEN,
    ("GET", "/desk/events"): Action.SEE_CASES,
    ("GET", "/desk/queue"): Action.SEE_CASES,
    ("POST", "/desk/lines"): Action.WORK_ON_CASES,
    ("GET", "/desk/approvals"): Action.DECIDE,
    ("GET", "/desk/find"): Action.FIND,
    ("GET", "/desk/clients/{number}"): Action.FIND,
    ("POST", "/desk/clients/{number}/remove"): Action.CHANGE_REGISTER,
    ("GET", TOKEN): Action.FIND,
    ("POST", f"{TOKEN}/cases"): Action.WORK_ON_CASES,
    ("POST", f"{TOKEN}/state"): Action.SUSPEND,
    ("GET", CASE): Action.SEE_CASES,
    ("POST", f"{CASE}/verify"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/request"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/words"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/grounds"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/decision"): Action.DECIDE,
    ("POST", f"{CASE}/answer"): Action.WORK_ON_CASES,
    ("GET", f"{CASE}/answer"): KNOWN,
    ("POST", f"{CASE}/send"): Action.WORK_ON_CASES,
    ("POST", f"{CASE}/outcome"): Action.WORK_ON_CASES,
    ("GET", "/desk/alerts"): Action.SEE_ALERTS,
    ("POST", "/desk/alerts/{number}/seen"): Action.SEE_ALERTS,
    ("GET", "/desk/statistics"): Action.SEE_STATISTICS,
    ("GET", "/desk/audit"): Action.SEE_AUDIT,
    ("POST", "/desk/audit/export"): Action.SEE_AUDIT,
    ("GET", "/desk/keys"): Action.SEE_KEYS,
    ("GET", "/desk/keys/{number}"): Action.SEE_KEYS,
    ("GET", "/desk/operators"): Action.CHANGE_OPERATORS,
    ("POST", "/desk/operators"): Action.CHANGE_OPERATORS,
    ("GET", OPERATOR): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/roles"): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/suspend"): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/restore"): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/sign-out"): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/code"): Action.CHANGE_OPERATORS,
    ("POST", f"{OPERATOR}/credentials/{{number}}/revoke"): Action.CHANGE_OPERATORS,
}
"""What each route of the pages needs."""
LINE: dict[tuple[str, str], Action | str] = {
    ("POST", f"{places.LINE}/requests"): OPEN,
    ("GET", f"{places.LINE}/request"): SECRET,
    ("DELETE", f"{places.LINE}/request"): SECRET,
    ("POST", f"{places.LINE}/request/received"): SECRET,
}
"""What each route of the line needs."""


def served(app: Starlette) -> set[tuple[str, str]]:
    """Methods and paths of an application."""
    return {
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }


def filled(pages: PageDesk, path: str, role: Role | None) -> str:
    """A path of things that are there; a case is that of whoever asks.

    Args:
        pages: the desk.
        path: of the table.
        role: of ``the-ROLE``, who asks.
    """
    number = "1"
    if path.startswith(CASE):
        who = Who(f"the-{role}", frozenset({Role.OPERATOR}))
        number = pages.bench.desk.open(who, pages.bench.token(), Way.DICTATED).number
    elif path.startswith((TOKEN, "/desk/clients")):
        number = str(pages.bench.token())
    return path.format(number=number, name="nobody", mark="0")


def changing() -> Mapping[tuple[str, str], Action | str]:
    """Routes of the pages that change something, and need somebody."""
    return {route: needs for route, needs in TABLE.items() if route[0] == "POST" and needs != OPEN}
