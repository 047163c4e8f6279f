"""Where pages are: everything below one root, beside EST."""

from __future__ import annotations

from urllib.parse import urlencode

ROOT = "/desk"
STATIC = f"{ROOT}/static"
SIGN_IN = f"{ROOT}/sign-in"
ENROL = f"{ROOT}/enrol"
SIGN_OUT = f"{ROOT}/sign-out"
LANGUAGE = f"{ROOT}/language"
QUEUE = f"{ROOT}/queue"
EVENTS = f"{ROOT}/events"
FIND = f"{ROOT}/find"
CLIENTS = f"{ROOT}/clients"
TOKENS = f"{ROOT}/tokens"
CASES = f"{ROOT}/cases"
APPROVALS = f"{ROOT}/approvals"
ALERTS = f"{ROOT}/alerts"
AUDIT = f"{ROOT}/audit"
STATISTICS = f"{ROOT}/statistics"
KEYS = f"{ROOT}/keys"
OPERATORS = f"{ROOT}/operators"
LINES = f"{ROOT}/lines"
LINE = "/line/v1"
"""Where clients' windows ask, who are nobody's visitors."""
OPERATOR = "/operator/v1"
"""Where operators' programs ask."""


def with_query(place: str, **query: object) -> str:
    """A place with a query; what is None or empty is left out."""
    said = {name: str(value) for name, value in query.items() if value not in (None, "")}
    return f"{place}?{urlencode(said)}" if said else place


def is_page(path: str) -> bool:
    """Whether a path is one of the page's, not EST's."""
    return path == ROOT or path.startswith(f"{ROOT}/")


def is_line(path: str) -> bool:
    """Whether a path is the line's."""
    return path.startswith(f"{LINE}/")


def is_operators(path: str) -> bool:
    """Whether a path is the operators' programs'."""
    return path.startswith(f"{OPERATOR}/")


def of(path: str, query: str) -> str:
    """A place by its path and what is behind the question mark."""
    return f"{path}?{query}" if query else path


def back_to(asked: str | None) -> str:
    """Where one goes after something: to a page of ours, never to another site."""
    if asked and is_page(asked) and "\\" not in asked and asked.isprintable():
        return asked
    return ROOT
