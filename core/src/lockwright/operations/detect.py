"""Find every token and give each to exactly one adapter."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from pathlib import Path

from lockwright.errors import LockwrightError, ModuleNotLoadable, PluginsNotAllowed, TokenWaits
from lockwright.files.real import real
from lockwright.host.hosts import Hosts
from lockwright.host.protocol import EVERYTHING, Look
from lockwright.host.worker import Inspection
from lockwright.i18n import N_, _
from lockwright.models import Match, Token, TokenIdentity, TokenObject, TokenState, Waits
from lockwright.models.settings import Settings
from lockwright.operations.devices import Device, devices
from lockwright.operations.doors import one_door_each
from lockwright.pkcs11.uri import naming
from lockwright.records import dataclass
from lockwright.registry import Registry, is_file

ALLOW = "plugins.allow"
"""The setting that may let in no adapter, as the subject of a problem."""


def nothing() -> None:
    """Nothing is to be done meanwhile."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A module or an adapter that failed while the others worked on."""

    subject: str
    """Path of the module, name of the adapter, or ``plugins.allow``."""
    error: LockwrightError
    """What went wrong."""
    waiting: Token | None = None
    """The token that waits for a Response, where its module is left alone for that."""
    waits: Waits | None = None
    """The same, where another program holds its Request open."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What is connected."""

    tokens: tuple[Token, ...]
    """Every token, also those that no adapter claims."""
    problems: tuple[Problem, ...]
    """What could not be looked at."""
    modules: tuple[Path, ...]
    """The modules that answered."""
    blank: tuple[TokenIdentity, ...] = ()
    """Tokens that were never initialised. There is nothing on them, so none of them is ever meant;
    SoftHSM always has one."""
    unclear: tuple[TokenIdentity, ...] = ()
    """Tokens that a module shows which is not known to be their vendor's, and the person did not
    name: it may only be using their strings. No adapter has them."""
    certificates: Mapping[TokenIdentity, tuple[TokenObject, ...]] = field(default_factory=dict)
    """The certificates that anyone may see on each token, where the look was for them, too."""
    left_out: PluginsNotAllowed | None = None
    """Plugins that the configuration does not allow, where no token was found: it may be theirs.
    Where it allows no adapter at all, that is a problem, too."""

    @property
    def waits(self) -> tuple[Waits, ...]:
        """The tokens that wait for a Response in another program, each once."""
        found = {each.waits.token.key: each.waits for each in self.problems if each.waits}
        return tuple(found.values())

    @property
    def missed(self) -> tuple[str, ...]:
        """Modules and adapters that could not be looked at; tokens of theirs are not seen."""
        seen = {token.serial for token in self.tokens}
        return tuple(p.subject for p in self.problems if p.subject not in seen)

    def uri(self, token: Token) -> str:
        """The PKCS#11 URI that names one of these tokens and no other."""
        return naming(token.identity, (each.identity for each in self.tokens))

    def name(self, token: Token) -> str:
        """The shortest name that picks one of these tokens: a serial number no other has, or a URI.

        A serial number is the same in upper and lower case.
        """
        serial = token.serial.lower()
        alone = [each.serial.lower() for each in self.tokens].count(serial) == 1
        return token.serial if serial and alone else self.uri(token)

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
        self._own: dict[str, set[Path]] = {}
        self._own_of: dict[Path, str] = {}
        """Who took tokens of a module when it was looked at last."""

    def require_usable(self) -> None:
        """Raise ``RuntimeError`` where nothing can be asked any more."""
        self._hosts.require_usable()

    def modules(self) -> tuple[Path, ...]:
        """The modules that a look at all of them looks at."""
        problems = len(self._problems)
        found = tuple(place.module for place in self._places(self._modules))
        del self._problems[problems:]
        return found

    def run(
        self,
        named: Sequence[Path] = (),
        look: Look = EVERYTHING,
        begun: Callable[[], object] = nothing,
    ) -> Detection:
        """Look at every module and give each token away.

        Args:
            named: the only modules to look at, unless others were named before.
            look: what is wanted of each token.
            begun: is called when every module was asked, before any answer is waited for.
        """
        self._problems = []
        if not self._registry.adapters and (left_out := self._registry.left_out) is not None:
            self._problems.append(Problem(ALLOW, left_out))
        first = Look(look.key_types)
        named = self._modules or named
        looks = self._look(self._places(named), first, begun)
        modules = tuple(place.module for place in looks)
        shown = [identity for look in looks.values() for identity in look.tokens]
        blank = tuple(each for each in shown if not each.initialized)
        claimed = [self.claimed(each) for each in shown if each.initialized]
        tokens, unclear = one_door_each(claimed, self._owns, named=bool(named))
        owners = dict.fromkeys(_owner(token) for token in tokens if token.adapter)
        self._own_of |= {owner.module: owner.adapter for owner in owners}
        looks |= self._look((place for place in owners if place not in looks), first)
        found = tuple(self._with_state(token, looks) for token in tokens)
        return Detection(
            found,
            tuple(self._problems),
            modules,
            blank,
            tuple(unclear),
            self._certificates(looks.keys() & owners.keys()) if look.certificates else {},
            None if found else self._registry.left_out,
        )

    def _certificates(self, owners: Iterable[Seen]) -> dict[TokenIdentity, tuple[TokenObject, ...]]:
        """What each token's own adapter reads of it; nothing where that fails."""
        problems = len(self._problems)
        found = self._look(owners, Look(certificates=True))
        del self._problems[problems:]
        return {each: shown for look in found.values() for each, shown in look.certificates.items()}

    def _look(
        self, places: Iterable[Seen], look: Look, begun: Callable[[], object] = nothing
    ) -> dict[Seen, Inspection]:
        """What modules show, looked at side by side; one that fails is a problem."""
        asked = list(places)
        for place in asked:
            self._hosts.begin_inspect(place.adapter, place.module, look)
        begun()
        looks: dict[Seen, Inspection] = {}
        for place in asked:
            try:
                looks[place] = self._hosts.inspect(place.adapter, place.module, look)
            except LockwrightError as error:
                self._problems.append(self._problem(place.module, error))
        return looks

    def _problem(self, module: Path, error: LockwrightError) -> Problem:
        """What failed, and the token that it is left alone for."""
        waits = self._hosts.elsewhere(module) if isinstance(error, TokenWaits) else None
        here = self._hosts.waiting(module) if waits is None else Token(waits.token, None, "")
        return Problem(str(module), error, here, waits)

    def _owns(self, token: Token) -> bool:
        """Whether a token is seen through a module that its own adapter knows."""
        return real(token.identity.module.path) in self._own.get(str(token.adapter), ())

    def _places(self, named: Sequence[Path]) -> Iterable[Seen]:
        """Each module once, whatever links lead to it, opened by the adapter that knows it."""
        known: dict[Path, Seen] = {}
        for adapter in self._registry.adapters:
            try:
                paths = self._registry.modules(adapter.name, self._settings.get(adapter.name, {}))
            except LockwrightError as error:
                self._problems.append(Problem(adapter.name, error))
                continue
            self._own[adapter.name] = {real(path) for path in paths}
            for path in paths:
                known.setdefault(real(path), Seen(adapter.name, path))
        return self._places_named(known, named) if named else known.values()

    def _places_named(self, known: Mapping[Path, Seen], named: Sequence[Path]) -> Iterable[Seen]:
        for path in dict.fromkeys(real(path) for path in named):
            if path in known:
                yield known[path]
            elif not is_file(path):
                missing = ModuleNotLoadable(module=str(path), reason=N_("there is no such file"))
                self._problems.append(Problem(str(path), missing))
            elif self._registry.adapters:
                yield Seen(self._own_of.get(path) or self._only, path)

    @property
    def _only(self) -> str:
        """Who looks at a module that nobody knows: nobody, if it may be one's or another's."""
        adapters = self._registry.adapters
        return adapters[0].name if len(adapters) == 1 else ""

    def claimed(self, identity: TokenIdentity) -> Token:
        """The token and whose it is, as yet without its state."""
        claims = self._claims(identity)
        if not claims:
            told = _("no adapter claims model {model}").format(model=repr(identity.model))
            return Token(identity, None, told)
        surest = max(match.confidence for match, _name in claims)
        best = [(match, name) for match, name in claims if match.confidence == surest]
        if len(best) > 1:
            names = tuple(name for _match, name in best)
            told = _("claimed equally by {names}; allow only one of them")
            told = told.format(names=", ".join(names))
            return Token(identity, None, told, claimants=names)
        match, name = best[0]
        return Token(identity, name, match.reason)

    def _claims(self, identity: TokenIdentity) -> list[tuple[Match, str]]:
        """What the adapters say of a token, those that claim it."""
        claims: list[tuple[Match, str]] = []
        for adapter in self._registry.adapters:
            try:
                match = self._registry.match(adapter.name, identity)
            except LockwrightError as error:
                self._problems.append(Problem(adapter.name, error))
                continue
            if match is not None:
                claims.append((match, adapter.name))
        return claims

    def _with_state(self, token: Token, looks: Mapping[Seen, Inspection]) -> Token:
        """The token with its state, as its own adapter read it."""
        look = looks.get(_owner(token)) if token.adapter else None
        if look is None:
            return token
        state = look.tokens.get(token.identity) or self._state_alone(token)
        return token if state is None else replace(token, state=state)

    def _state_alone(self, token: Token) -> TokenState | None:
        """A state that could not be read in the look; asked for alone, it says why."""
        try:
            state = self._hosts.call("lockwright_state", token)
        except LockwrightError as error:
            self._problems.append(Problem(token.serial, error))
            return None
        if not isinstance(state, TokenState):
            raise TypeError("lockwright_state returns a TokenState")
        return state


def _owner(token: Token) -> Seen:
    """Where a token is looked at by the adapter that took it, which alone reads its state."""
    return Seen(str(token.adapter), token.identity.module.path)
