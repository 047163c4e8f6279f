"""What a runner works with beside the modules, each made, and imported, for the first who asks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from lockwright import calls, operations
from lockwright.config import Config
from lockwright.host.hosts import Hosts
from lockwright.late import late
from lockwright.models import Token
from lockwright.operations.detect import Detection
from lockwright.operations.finder import Finder
from lockwright.policy import PinPolicy
from lockwright.registry import Registry

if TYPE_CHECKING:
    from lockwright.calls.adapters import Calls
    from lockwright.calls.authorities import CaCalls
    from lockwright.operations.care import TokenCare
    from lockwright.operations.enrolment.authorities import Authorities
    from lockwright.operations.enrolment.renewals import Renewals
    from lockwright.operations.enrolment.storages import Storages
    from lockwright.operations.enrolment.with_ca import Enrolments
    from lockwright.operations.guard import Guard
    from lockwright.operations.over_line import Line
    from lockwright.operations.remote import RemoteUnblocks


class Parts:
    """The parts of a runner; who only looks for tokens needs none of them.

    Args:
        config: the configuration.
        registry: the plugins.
        hosts: the processes of the modules.
        finder: gives each token to its adapter.
        use_last_try: spend the last try of a PIN where there is only one left.
        detect: finds the tokens that are connected.
        policy: the rules for a new PIN of a token.
    """

    def __init__(
        self,
        config: Config,
        registry: Registry,
        hosts: Hosts,
        finder: Finder,
        *,
        use_last_try: bool,
        detect: Callable[[], Detection],
        policy: Callable[[Token], PinPolicy],
    ) -> None:
        self.config = config
        self.registry = registry
        self._hosts = hosts
        self._finder = finder
        self._use_last_try = use_last_try
        self._detect = detect
        self._policy = policy

    @late
    def care(self) -> TokenCare:
        """Care for tokens themselves: their first day, and what their administrator does."""
        return operations.care.TokenCare(self._calls, self._finder, self.config)

    @late
    def authorities(self) -> Authorities:
        """The CAs of the configuration."""
        return operations.enrolment.authorities.Authorities(self.config, self._ca_calls)

    @late
    def storages(self) -> Storages:
        """Where a certificate can go."""
        return operations.enrolment.storages.Storages(self.config, self._calls, self._detect)

    @late
    def renewals(self) -> Renewals:
        """What is to be renewed."""
        return operations.enrolment.renewals.Renewals(self.config, self._ca_calls, self.authorities)

    @late
    def enrolments(self) -> Enrolments:
        """Orders at CAs."""
        kind = operations.enrolment.with_ca.Enrolments
        return kind(self.config, self._ca_calls, self.authorities, self.renewals)

    @late
    def line(self) -> Line:
        """The line to the bank's help desk, which needs no dictation."""
        return operations.over_line.Line(self.config)

    @late
    def _outside(self) -> tuple[object, ...]:
        """What wraps every call, the outermost first."""
        audit = calls.adapters.audit_wrapper(self.config.audit, self.registry)
        return (*audit, *self.registry.wrappers)

    @late
    def _calls(self) -> Calls:
        return calls.adapters.Calls(
            (plugin.name for plugin in self.registry.adapters),
            self._hosts.call,
            (*self._outside, self._guard),
            self.config.deadlines.plugin,
            self._hosts.staying,
        )

    @late
    def _guard(self) -> Guard:
        others = partial(operations.pins.so_policy, bank=self.config.policy)
        return operations.guard.Guard(self._policy, others)

    @late
    def _ca_calls(self) -> CaCalls:
        seconds = self.config.deadlines.plugin
        stops = self._hosts.stops
        return calls.authorities.CaCalls(self.registry.client, self._outside, seconds, stops)

    @late
    def _remote(self) -> RemoteUnblocks:
        limit, spends = self.config.deadlines.response, self._use_last_try
        kind = operations.remote.RemoteUnblocks
        return kind(self._calls, self._hosts, limit, use_last_try=spends)
