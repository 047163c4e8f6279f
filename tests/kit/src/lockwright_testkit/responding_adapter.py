"""An adapter for the bank's side alone: it has no token and answers Requests of invented models.

Tests of what stands around an answer, such as a bank's approval step, need no vendor with it. In
one process it is an ``EntryPoint`` that names this module; for the command line ``install`` puts
it into a folder of ``PYTHONPATH``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lockwright.adapter import Settings, hookimpl
from lockwright.errors import NotSupported
from lockwright.keys.response import ResponseKey
from lockwright.models import KeyForm, Match, ResponseRule, TokenIdentity

NAME = "responder"
KEY_MODEL = "Key 3DES"
"""Model whose Response is the Request, encrypted with a 3DES key."""
PASSWORD_MODEL = "Password 1"  # the name of a model
"""Model whose Response is made of a password, here by reversing both."""
BROKEN_MODEL = "Broken 1"
"""Model whose Response the adapter fails to make, with what it was given in its hands."""
DEFAULT_KEY = b"responder-default-key-01"
DEFAULT_PASSWORD = b"responder-default"
_RULES = {
    KEY_MODEL: ResponseRule(8, frozenset({KeyForm.HEX, KeyForm.TEXT}), (DEFAULT_KEY,)),
    PASSWORD_MODEL: ResponseRule(None, frozenset({KeyForm.PASSWORD}), (DEFAULT_PASSWORD,)),
    BROKEN_MODEL: ResponseRule(8, frozenset({KeyForm.HEX, KeyForm.PASSWORD})),
}
response_models = (KEY_MODEL, PASSWORD_MODEL)


def install(site: Path) -> None:
    """Put its entry point into a folder.

    Args:
        site: a folder of ``PYTHONPATH``; it is made if needed.
    """
    info = site / "lockwright_responder-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: lockwright-responder\nVersion: 1.0\n"
    )
    (info / "entry_points.txt").write_text(f"[lockwright]\n{NAME} = {__name__}\n")


@hookimpl
def lockwright_modules(settings: Settings) -> Sequence[Path]:
    """No module is needed."""
    del settings
    return ()


@hookimpl
def lockwright_match(identity: TokenIdentity) -> Match | None:
    """No token is its own."""
    del identity
    return None


@hookimpl
def lockwright_response_rule(model: str) -> ResponseRule:
    """The rule of an invented model."""
    if model not in _RULES:
        raise NotSupported(operation="answer a Request of this model")
    return _RULES[model]


@hookimpl
def lockwright_respond(model: str, challenge: bytes, key: ResponseKey) -> bytes:
    """The Response by that rule."""
    if model == PASSWORD_MODEL:
        return challenge[::-1] + key.secret().reveal()[::-1]
    response = key.des3_ecb(challenge)
    if model == BROKEN_MODEL:
        raise ValueError(f"could not use {response!r}")
    return response
