"""Find every token and give each to exactly one adapter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lockwright.adapter import Settings
from lockwright.errors import LockwrightError, ModuleNotLoadable
from lockwright.host.worker import Inspection
from lockwright.hosts import Hosts
from lockwright.models import Match, Token, TokenIdentity, TokenState
from lockwright.operations.devices import Device, devices
from lockwright.registry import Registry


@dataclass(frozen=True, slots=True)
class Problem:
    """A module or an adapter that failed while the others worked on."""

    subject: str
    """Path of the module, or name of the adapter."""
    error: LockwrightError
    """What went wrong."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What is connected."""

    tokens: tuple[Token, ...]
    """Every token, also those that no adapter claims."""
    problems: tuple[Problem, ...]
    """What could not be looked at."""
    modules: tuple[Path, ...]
    """The modules that answered."""

    @property
    def devices(self) -> tuple[Device, ...]:
        """The tokens by the device that they are applets of."""
        return devices(self.tokens)


@dataclass(frozen=True, slots=True)
class Seen:
    """A module to look at, and the adapter whose binding opens it."""

    adapter: str
    """Name of the adapter."""
    module: Path
    """Absolute path of the module."""


def other_doors(token: Token, seen: Detection) -> tuple[Path, ...]:
    """Further modules that reach a token's device: they show its serial number, or its reader.

    Args:
        token: the token.
        seen: what was connected when it was found.
    """
    own = token.identity
    return tuple(
        other.identity.module.path
        for other in seen.tokens
        if (own.serial and other.serial == own.serial)
        or (own.slot_description and other.identity.slot_description == own.slot_description)
    )


class Detector:
    """Looks at all modules side by side, so that detection takes as long as the slowest.

    Args:
        registry: the plugins.
        hosts: the modules' processes.
        settings: each adapter's table of the configuration.
        modules: modules to look at instead of the adapters' known ones.
    """

    def __init__(
        self,
        registry: Registry,
        hosts: Hosts,
        settings: Mapping[str, Settings],
        modules: Sequence[Path],
    ) -> None:
        self._registry = registry
        self._hosts = hosts
        self._settings = settings
        self._modules = modules
        self._problems: list[Problem] = []

    def run(self) -> Detection:
        """Look at every module and give each token away."""
        self._problems = []
        places = list(self._places())
        for place in places:
            self._hosts.begin_inspect(place.adapter, place.module)
        tokens: list[Token] = []
        modules: list[Path] = []
        for place in places:
            try:
                inspection = self._hosts.inspect(place.adapter, place.module)
            except LockwrightError as error:
                self._problems.append(Problem(str(place.module), error))
            else:
                modules.append(place.module)
                tokens += self._claimed(place, inspection)
        return Detection(tuple(_one_door_each(tokens)), tuple(self._problems), tuple(modules))

    def _places(self) -> Iterable[Seen]:
        """Each module once, whatever links lead to it, opened by the adapter that knows it."""
        known: dict[Path, Seen] = {}
        for adapter in self._registry.adapters:
            try:
                paths = self._registry.modules(adapter.name, self._settings.get(adapter.name, {}))
            except LockwrightError as error:
                self._problems.append(Problem(adapter.name, error))
                continue
            for path in paths:
                known.setdefault(path.resolve(), Seen(adapter.name, path))
        if not self._modules:
            return known.values()
        return self._places_named(known)

    def _places_named(self, known: Mapping[Path, Seen]) -> Iterable[Seen]:
        for path in dict.fromkeys(path.resolve() for path in self._modules):
            if path in known:
                yield known[path]
            elif not path.is_file():
                missing = ModuleNotLoadable(module=str(path), reason="there is no such file")
                self._problems.append(Problem(str(path), missing))
            elif self._registry.adapters:
                yield Seen(self._registry.adapters[0].name, path)

    def _claimed(self, place: Seen, inspection: Inspection) -> Iterable[Token]:
        for slot in inspection.slots:
            identity = slot.identity(inspection.info)
            adapter, reason = self._claim(identity)
            if adapter == place.adapter and slot.slot in inspection.states:
                yield Token(identity, adapter, reason, inspection.states[slot.slot])
            else:
                yield self._with_state(Token(identity, adapter, reason))

    def _claim(self, identity: TokenIdentity) -> tuple[str | None, str]:
        """The adapter that is surest of a token, and why it or why none."""
        claims: list[tuple[Match, str]] = []
        for adapter in self._registry.adapters:
            try:
                match = self._registry.match(adapter.name, identity)
            except LockwrightError as error:
                self._problems.append(Problem(adapter.name, error))
                continue
            if match is not None:
                claims.append((match, adapter.name))
        if not claims:
            return None, f"no adapter claims model {identity.model!r}"
        surest = max(match.confidence for match, _name in claims)
        best = [(match, name) for match, name in claims if match.confidence == surest]
        if len(best) > 1:
            names = " and ".join(name for _match, name in best)
            return None, f"{names} claim it alike; allow only one of them"
        return best[0][1], best[0][0].reason

    def _with_state(self, token: Token) -> Token:
        """The token with its state, asked of an adapter that did not open the module."""
        if token.adapter is None:
            return token
        try:
            state = self._hosts.call("lockwright_state", token)
        except LockwrightError as error:
            self._problems.append(Problem(token.serial, error))
            return token
        if not isinstance(state, TokenState):
            raise TypeError("lockwright_state returns a TokenState")
        return Token(token.identity, token.adapter, token.reason, state)


def _one_door_each(tokens: Iterable[Token]) -> Iterable[Token]:
    """A token seen through two modules is claimed through the first of them only."""
    doors: dict[tuple[str, str, str], Token] = {}
    for token in tokens:
        identity = token.identity
        same = doors.setdefault((identity.manufacturer, identity.model, identity.serial), token)
        if same is token or not identity.serial:
            yield token
        else:
            yield Token(
                identity, None, f"the same token as seen through {same.identity.module.path}"
            )
