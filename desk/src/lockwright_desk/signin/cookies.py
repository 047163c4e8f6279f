"""Cookies of signing in: for this host alone, over TLS only, and for no script.

They are ``SameSite=Lax``: with ``Strict`` neither the way back from the bank's own sign-in nor a
link in a notice would find anybody signed in; no request that changes anything relies on it.
"""

from __future__ import annotations

from starlette.responses import Response

from lockwright_desk.signin import begun
from lockwright_desk.signin.sessions import COOKIE


def give(response: Response, name: str, value: str, seconds: int | None = None) -> None:
    """Have the browser keep a cookie.

    Args:
        response: what goes to it.
        name: its name, which begins with ``__Host-``.
        value: its value.
        seconds: how long; None until the browser is closed.
    """
    response.set_cookie(
        name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax"
    )


def take_back(response: Response, name: str) -> None:
    """Have the browser forget a cookie."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")


def with_session(response: Response, value: str) -> Response:
    """An answer to somebody who has just signed in."""
    give(response, COOKIE, value)
    take_back(response, begun.COOKIE)
    return response


def with_begun(response: Response, value: str) -> Response:
    """An answer to somebody who has begun to."""
    give(response, begun.COOKIE, value, int(begun.LASTS.total_seconds()))
    return response
