"""One run of a command: its configuration, its runner, its PINs, and the end of them all."""

from __future__ import annotations

from contextlib import ExitStack
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Self

from lockwright.config import Config, load
from lockwright.console.global_options import GlobalOptions
from lockwright.console.interrupts import Interrupts
from lockwright.console.output import Output
from lockwright.console.terminal import Terminal
from lockwright.errors import NOTHING, Interrupted, SeveralTokens
from lockwright.i18n import _
from lockwright.log import configure
from lockwright.models import Token
from lockwright.runner import Runner

if TYPE_CHECKING:
    from lockwright.cli.choice import First
    from lockwright.cli.pins import Pins, Role
    from lockwright.responder import Responder
    from lockwright.secret import Secret


class Invocation:
    """What a command works with; everything is made when it is first needed.

    Args:
        options: the command line.
    """

    def __init__(self, options: GlobalOptions) -> None:
        self.options = options
        self.terminal = Terminal()
        self.output = Output(json=options.json)
        self._pins_used = False
        self._undone = ExitStack()
        configure(verbose=options.verbose)

    @cached_property
    def config(self) -> Config:
        """The configuration.

        Raises:
            BrokenConfiguration: it cannot be used.
        """
        return load(self.options.config)

    @cached_property
    def runner(self) -> Runner:
        """The Python API, set up as the command line says."""
        return Runner(
            self.config,
            modules=[module.absolute() for module in self.options.modules],
            use_last_try=self.options.use_last_try,
            verbose=self.options.verbose,
            void_requests=self.options.void_request,
        )

    @cached_property
    def responder(self) -> Responder:
        """The Python API of the bank's side."""
        from lockwright.responder import Responder  # noqa: PLC0415  # the bank's side only

        registry = self.runner.registry
        return Responder(self.config, verbose=self.options.verbose, registry=registry)

    @cached_property
    def pins(self) -> Pins:
        """Where PINs come from."""
        from lockwright.cli.pins import Pins  # noqa: PLC0415  # not where none is needed

        return Pins(self.options, self.terminal, self.runner)

    def token(self, first: First = lambda _token: False, *, key_types: bool = False) -> Token:
        """The token that is meant; where several fit, a person at a terminal picks one.

        Args:
            first: which tokens are offered first then.
            key_types: whether it matters which key types it makes.

        Raises:
            SelectionError: not exactly one token fits, and nobody can be asked.
            ModuleError, AdapterError: no token was found, and this is why.
        """
        try:
            return self._found(self.options.token, key_types=key_types)
        except SeveralTokens as error:
            uri, _blank = self._picked(error, first)
        return self._found(uri, key_types=key_types)

    def to_initialise(self, *, blank: bool) -> Token:
        """The token that is to be initialised; picked as for ``token``.

        Args:
            blank: mean blank tokens alone.

        Raises:
            SelectionError, ModuleError, AdapterError: as for ``token``.
        """
        try:
            return self._cared_for(self.options.token, blank=blank)
        except SeveralTokens as error:
            uri, blank = self._picked(error, lambda _token: False)
        return self._cared_for(uri, blank=blank)

    def _cared_for(self, selector: str | None, *, blank: bool) -> Token:
        with self.output.working(_("Looking for the token")):
            return self.runner.care.find(selector, blank=blank)

    def _found(self, selector: str | None, *, key_types: bool) -> Token:
        with self.output.working(_("Looking for the token")):
            return self.runner.find(selector, key_types=key_types)

    def _picked(self, error: SeveralTokens, first: First) -> tuple[str, bool]:
        """The URI of the token that a person picks, and whether it is a blank one."""
        if self.options.json or not self.terminal.there:
            raise error
        with self.output.working(_("Looking for the token")):
            seen = self.runner.detect(key_types=False)
        from lockwright.cli.choice import choose  # noqa: PLC0415  # nobody is asked as a rule

        return choose(self.terminal, seen, error, first)

    def collect(
        self, token: Token | None, *roles: Role, chosen: Role | None = None, reads: bool = False
    ) -> tuple[Secret, ...]:
        """Get the PINs that a command needs; see ``Pins.collect``."""
        secrets = self.pins.collect(token, *roles, chosen=chosen, reads=reads)
        self._pins_used = True
        return secrets

    def __enter__(self) -> Self:
        self._undone.enter_context(Interrupts())
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        with self._undone:
            # What was made is found without making it now.
            if "pins" in vars(self):
                self.pins.wipe()
            if "runner" in vars(self):
                self.runner.close()
        if isinstance(error, KeyboardInterrupt):
            raise Interrupted(cost=None if self._pins_used else NOTHING) from None
