"""What is accepted: token, versions, who answers each hook. Noted first, before any step."""

from __future__ import annotations

import platform
from importlib.metadata import EntryPoint, PackageNotFoundError, version
from typing import Any

from lockwright.adapter import StandardAdapter
from lockwright.bindings import BINDINGS
from lockwright.models import Token
from lockwright.runner import Runner

from lockwright_testkit.acceptance.plan import NOT_OFFERED
from lockwright_testkit.acceptance.questions import likeness
from lockwright_testkit.conformance.report import HOOKS

_BINDINGS = {"python-pkcs11": "python-pkcs11", "pykcs11": "PyKCS11"}
"""Distributions of the bindings."""


def facts(runner: Runner, token: Token, personality: str) -> dict[str, Any]:
    """What is known before anything is tried.

    Args:
        runner: found the token.
        token: the token.
        personality: the personality that is like it; empty: the one that its model suggests.
    """
    identity, module = token.identity, token.identity.module
    plugin = next((each for each in runner.plugins if each.name == token.adapter), None)
    return {
        "personality": personality or likeness(token.adapter or "", identity.model),
        "token": {
            "serial": identity.serial,
            "label": identity.label,
            "model": identity.model,
            "manufacturer": identity.manufacturer,
            "hardware": _dotted(identity.hardware_version),
            "firmware": _dotted(identity.firmware_version),
            "reader": identity.slot_description,
            "adapter": token.adapter or "",
            "binding": _binding(runner, token),
            "module": str(module.path),
        },
        "versions": {
            "module": f"{module.manufacturer}, {module.description}, {_dotted(module.version)}",
            "firmware": _dotted(identity.firmware_version),
            "adapter": plugin.origin if plugin else "",
            **{name: _installed(_BINDINGS.get(name, name)) for name in BINDINGS},
            "lockwright": _installed("lockwright"),
            "lockwright-testkit": _installed("lockwright-testkit"),
            "Python": platform.python_version(),
            "system": platform.platform(),
        },
        "hooks": _hooks(token, plugin.answers if plugin else {}),
    }


def _binding(runner: Runner, token: Token) -> str:
    """Over which binding the adapter works here; empty where it does not tell."""
    chosen = runner.config.adapters.get(token.adapter or "", {}).get("binding")
    return str(chosen or next(iter(getattr(_code(runner, token), "bindings", ())), ""))


def reserved(runner: Runner, token: Token) -> bytes:
    """What the adapter gives its module in ``C_Initialize``; empty: nothing.

    Args:
        runner: found the token.
        token: the token.
    """
    code = _code(runner, token)
    if not isinstance(code, StandardAdapter):
        return b""
    choice = code.choice(runner.config.adapters.get(token.adapter or "", {}))
    return code.reserved(choice) or b""


def _code(runner: Runner, token: Token) -> object:
    """The adapter of a token; None where it is not known."""
    named = (each for each in runner.plugins if each.name == token.adapter)
    plugin = next(named, None)
    if plugin is None:
        return None
    return EntryPoint(plugin.name, plugin.value, "lockwright").load()


def _hooks(token: Token, answers: Any) -> dict[str, str]:
    not_offered = token.state.capabilities.not_offered
    return {
        hook: f"{NOT_OFFERED}{not_offered[hook]}"
        if hook in not_offered
        else str(answers[hook].kind)
        if hook in answers
        else ""
        for hook in HOOKS
    }


def _dotted(pair: tuple[int, int]) -> str:
    return f"{pair[0]}.{pair[1]}"


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
