"""Operators: who works at the desk, what they are, by what they sign in, who is signed in now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from lockwright.errors import LockwrightError
from lockwright.explain import explain
from lockwright.i18n import N_, _
from starlette.responses import RedirectResponse, Response

from lockwright_desk.errors import UnknownOperator
from lockwright_desk.http.refusals import Refusal
from lockwright_desk.signin import credentials, operators, sign_in_codes
from lockwright_desk.signin.roles import NotAllowed, Role
from lockwright_desk.web import places
from lockwright_desk.web.door import Page
from lockwright_desk.web.forms import Typed
from lockwright_desk.web.pages.numbers import number_in
from lockwright_desk.web.site import Site
from lockwright_desk.web.troubles import NoSuchPage, status_of
from lockwright_desk.web.visit import Visit

_ONE = f"{places.OPERATORS}/{{name}}"


class Yourself(Refusal):
    """An administrator who would lock themselves out."""

    code = "operator-yourself"
    usual_cost = N_("Nothing was changed.")
    message = N_("You cannot do this to yourself.")
    advice = N_("Have another administrator do it, or whoever works at the desk's console.")


def every(site: Site, visit: Visit) -> Response:
    """All of them, and who is signed in."""
    return _list(site, visit)


def add(site: Site, visit: Visit) -> Response:
    """Add somebody; the code for the first passkey is shown this once."""
    name, given = visit.form.get("name", ""), _roles(visit)
    facts = {"account": name, "roles": sorted(given)}
    try:
        with _recorded(site, visit, "desk_operator_add", **facts):
            operators.add(
                site.database,
                visit.who,
                name,
                visit.form.get("shown", ""),
                given,
                site.front.now(),
            )
    except NotAllowed:
        raise
    except LockwrightError as error:
        return _list(site, visit, error)
    return code(site, visit, name)


def one(site: Site, visit: Visit) -> Response:
    """One of them."""
    return _one(site, visit)


def roles(site: Site, visit: Visit) -> Response:
    """Other roles."""
    given = _roles(visit)

    def change(name: str) -> None:
        if visit.who.name == name and Role.ADMINISTRATOR not in given:
            raise Yourself
        operators.set_roles(site.database, visit.who, name, given)

    return _changed(site, visit, "desk_operator_roles", change, roles=sorted(given))


def suspend(site: Site, visit: Visit) -> Response:
    """Let somebody in no more."""

    def change(name: str) -> None:
        if visit.who.name == name:
            raise Yourself
        operators.suspend(site.database, visit.who, name, site.front.now())

    return _changed(site, visit, "desk_operator_suspend", change)


def restore(site: Site, visit: Visit) -> Response:
    """Let somebody in again."""
    return _changed(
        site,
        visit,
        "desk_operator_restore",
        lambda name: operators.restore(site.database, visit.who, name),
    )


def sign_out(site: Site, visit: Visit) -> Response:
    """Sign somebody out everywhere."""

    def change(name: str) -> None:
        operators.one(site.database, visit.who, name)
        site.front.sessions.end_all(visit.who, name, site.front.now())

    return _changed(site, visit, "desk_operator_sign_out", change)


def revoke(site: Site, visit: Visit) -> Response:
    """Take a credential back."""
    number = number_in(visit.path["number"])

    def change(name: str) -> None:
        theirs = {each.id for each in credentials.every(site.database, visit.who, name)}
        if number is None or number not in theirs:
            raise NoSuchPage
        credentials.revoke(site.database, visit.who, number, site.front.now())

    return _changed(site, visit, "desk_credential_revoke", change, credential=number)


def new_code(site: Site, visit: Visit) -> Response:
    """Another sign-in code; those before it are worth nothing any more."""
    return code(site, visit, visit.path["name"])


def code(site: Site, visit: Visit, name: str) -> Response:
    """A page with a code, this once."""
    lasts = site.front.settings.code_lasts
    try:
        with _recorded(site, visit, "desk_sign_in_code", account=name):
            made = sign_in_codes.make(site.database, visit.who, name, lasts, site.front.now())
    except UnknownOperator:
        raise NoSuchPage from None
    with made.text:
        return site.page(
            "operator_code.html",
            visit,
            operator=operators.one(site.database, visit.who, name),
            code=made.text.reveal_text(),
            expires_at=made.expires_at,
            enrol=f"{site.front.settings.origin}{places.ENROL}",
        )


PAGES = (
    Page("GET", places.OPERATORS, every),
    Page("POST", places.OPERATORS, add),
    Page("GET", _ONE, one),
    Page("POST", f"{_ONE}/roles", roles),
    Page("POST", f"{_ONE}/suspend", suspend),
    Page("POST", f"{_ONE}/restore", restore),
    Page("POST", f"{_ONE}/sign-out", sign_out),
    Page("POST", f"{_ONE}/code", new_code),
    Page("POST", f"{_ONE}/credentials/{{number}}/revoke", revoke),
)


def _changed(
    site: Site,
    visit: Visit,
    hook: str,
    change: Callable[[str], object],
    **facts: object,
) -> Response:
    name = visit.path["name"]
    try:
        with _recorded(site, visit, hook, account=name, **facts):
            change(name)
    except UnknownOperator:
        raise NoSuchPage from None
    except (NotAllowed, NoSuchPage):
        raise
    except LockwrightError as error:
        return _one(site, visit, error)
    return RedirectResponse(f"{places.OPERATORS}/{name}", 303)


def _recorded(
    site: Site, visit: Visit, hook: str, **facts: object
) -> AbstractContextManager[Mapping[str, object]]:
    return site.audit.operation(hook, operator=visit.who.name, **facts)


def _list(site: Site, visit: Visit, error: LockwrightError | None = None) -> Response:
    return site.page(
        "operators.html",
        visit,
        status=200 if error is None else status_of(error),
        operators=operators.every(site.database, visit.who),
        sessions=site.front.sessions.every(visit.who, site.front.now()),
        roles=tuple(Role),
        error=explain(error) if error else None,
        typed=Typed(visit.form),
    )


def _one(site: Site, visit: Visit, error: LockwrightError | None = None) -> Response:
    name = visit.path["name"]
    try:
        found = operators.one(site.database, visit.who, name)
    except UnknownOperator:
        raise NoSuchPage from None
    return site.page(
        "operator.html",
        visit,
        status=200 if error is None else status_of(error),
        operator=found,
        credentials=credentials.every(site.database, visit.who, name),
        roles=tuple(Role),
        kinds={
            "certificate": _("certificate"),
            "passkey": _("passkey"),
            "oidc": _("bank's sign-in"),
        },
        error=explain(error) if error else None,
    )


def _roles(visit: Visit) -> frozenset[Role]:
    known = {each.value: each for each in Role}
    return frozenset(known[each] for each in visit.form.get("roles", "").split() if each in known)
