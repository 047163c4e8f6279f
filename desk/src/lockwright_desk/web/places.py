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


def with_query(place: str, **query: object) -> str:
    """A place with a query; what is None or empty is left out."""
    said = {name: str(value) for name, value in query.items() if value not in (None, "")}
    return f"{place}?{urlencode(said)}" if said else place


def is_page(path: str) -> bool:
    """Whether a path is one of the page's, not EST's."""
    return path == ROOT or path.startswith(f"{ROOT}/")
