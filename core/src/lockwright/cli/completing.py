"""Values that a shell completes: tokens, CAs, adapters. Quick, silent, and never with a PIN."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from lockwright.console.clean import clean
from lockwright.console.global_options import GlobalOptions

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from lockwright.config import Config
    from lockwright.runner import Runner

_PATIENCE = 2
"""Seconds that a module gets to show its tokens; who presses Tab does not wait for long."""

Values = Iterable[tuple[str, str]]
"""Each value with a word on it."""


def _completes(
    find: Callable[[GlobalOptions], Values],
) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Make of what finds values what click calls; where it fails there are no values."""

    def complete(ctx: click.Context, _param: click.Parameter, begun: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem  # noqa: PLC0415  # only for the shell

        options = ctx.find_root().ensure_object(GlobalOptions)
        try:
            with _silence():
                found = list(find(options))
        except Exception:  # noqa: BLE001  # nothing may stand in the way of who types
            return []
        return [
            CompletionItem(_typed(value), help=clean(said))
            for value, said in found
            if value.lower().startswith(begun.lower()) and value == clean(value)
        ]

    return complete


def _typed(value: str) -> str:
    """A value as it is typed: bash takes it as it comes, and would run what somebody named so."""
    in_bash = any(
        name.endswith("_COMPLETE") and how == "bash_complete" for name, how in os.environ.items()
    )
    return shlex.quote(value) if in_bash else value


@_completes
def tokens(options: GlobalOptions) -> Values:
    """Connected tokens, each by the shortest name that no other has."""
    with _runner(options) as runner:
        seen = runner.detect(key_types=False)
    for token in seen.tokens:
        name = seen.name(token)
        yield (name if name == clean(name) else seen.uri(token)), token.identity.label


@_completes
def authorities(options: GlobalOptions) -> Values:
    """CAs of the configuration."""
    return ((name, ca.url or "") for name, ca in _config(options).authorities.items())


@_completes
def vendors(options: GlobalOptions) -> Values:
    """Adapters that are installed and may run."""
    with _runner(options) as runner:
        return [(each.name, each.distribution) for each in runner.plugins if each.adapter]


def _config(options: GlobalOptions) -> Config:
    from lockwright.config import load  # noqa: PLC0415  # not for --help

    return load(options.config)


@contextmanager
def _runner(options: GlobalOptions) -> Iterator[Runner]:
    """The Python API, which records nothing and does not wait for long."""
    from dataclasses import replace  # noqa: PLC0415  # not for --help

    from lockwright.runner import Runner  # noqa: PLC0415  # the same

    config = _config(options)
    patience = replace(config.deadlines, inspect=_PATIENCE, call=_PATIENCE)
    modules = [module.absolute() for module in options.modules]
    with Runner(replace(config, audit=None, deadlines=patience), modules=modules) as runner:
        yield runner


@contextmanager
def _silence() -> Iterator[None]:
    """Have nothing written to the terminal in between, whoever writes it."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
