"""The hooks that tell which modules there are, and which token is whose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lockwright.contract.declaration import hook
from lockwright.i18n import N_
from lockwright.models import Match, Token, TokenIdentity, TokenState
from lockwright.models.settings import Settings

if TYPE_CHECKING:
    from lockwright.pkcs11.session import Module

# --- detect: which modules, which tokens --------------------------------------------------------


@hook()
def lockwright_modules(settings: Settings) -> Sequence[Path]:  # type: ignore[empty-body]
    """Where the vendor's modules lie on this system, the preferred one first.

    Args:
        settings: the adapter's table of the configuration.

    Returns:
        Known absolute paths; those that do not exist are passed over. Never a bare file name:
        nothing is loaded from the current folder or a search path.
    """


@hook()
def lockwright_open(path: Path, settings: Settings) -> Module:  # type: ignore[empty-body]
    """Load a module over the binding this adapter works with.

    Args:
        path: absolute path of the module.
        settings: the adapter's table of the configuration.

    Returns:
        The session port over that module, initialised.

    Raises:
        ModuleNotLoadable: it is no PKCS#11 module of this system.
    """


@hook()
def lockwright_match(identity: TokenIdentity) -> Match | None:
    """Say whether a token is this adapter's, from its strings alone.

    Args:
        identity: the token's and its module's strings.

    Returns:
        How sure and why, or None if the token is not this adapter's. It must not guess: the
        adapter that gets a token also gets its PIN.
    """


@hook(doing=N_("read the token's state"))
def lockwright_state(module: Module, token: Token) -> TokenState:  # type: ignore[empty-body]
    """Read PIN state, memory and capabilities, without a login.

    Args:
        module: the session port.
        token: the token; its own ``state`` is still empty.

    Returns:
        What the token says; None for every number it does not say.

    Raises:
        TokenRemoved: the token is gone.
    """
