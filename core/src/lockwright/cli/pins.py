"""The PINs a command needs: from files and descriptors first, then from a person, in order."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from lockwright.console.clean import clean
from lockwright.console.global_options import GlobalOptions
from lockwright.console.secret_files import from_descriptor, from_file
from lockwright.console.terminal import Terminal
from lockwright.console.wrapping import whole
from lockwright.errors import (
    LastTry,
    PasswordRefused,
    PinLocked,
    PinNotSet,
    PinRefused,
    PinsDiffer,
    SecretMissing,
)
from lockwright.explain import encode_rules, policy_lines, rule_text
from lockwright.explain.doubts import doubt_text
from lockwright.i18n import N_, _
from lockwright.models import PinState, PinStatus, Token
from lockwright.policy import BrokenRule
from lockwright.policy.doubts import doubts
from lockwright.runner import Runner
from lockwright.secret import Secret

_ENTRIES = 3


class Role(StrEnum):
    """Which PIN; the value is the stem of its options."""

    USER = "pin"
    SO = "so-pin"
    NEW = "new-pin"
    PUK = "puk"
    KEY = "key"
    HSM = "hsm-pin"
    OTP = "otp"
    P12 = "p12-password"
    STORE = "store-password"


_NAMES = {
    Role.USER: N_("user PIN"),
    Role.SO: N_("SO PIN"),
    Role.NEW: N_("new user PIN"),
    Role.PUK: N_("PUK"),
    Role.KEY: N_("administrator key"),
    Role.HSM: N_("HSM's user PIN"),
    Role.OTP: N_("one-time password"),
    Role.P12: N_("password that protects the new key"),
    Role.STORE: N_("password of the system's certificate store"),
}
_CHOSEN = {
    Role.NEW: (N_("A new PIN needs:"), N_("The new PIN is refused:")),
    Role.P12: (N_("The password needs:"), N_("The password is refused:")),
}
"""What a person is told who chooses one."""


class Pins:
    """Gets PINs for one command and wipes them when it ends.

    Args:
        options: the command line.
        terminal: where a person can be asked.
        runner: judges a new PIN.
    """

    def __init__(self, options: GlobalOptions, terminal: Terminal, runner: Runner) -> None:
        self._options = options
        self._terminal = terminal
        self._runner = runner
        self._held: list[Secret] = []

    def given(self, role: Role) -> bool:
        """Whether a PIN was given by a file or descriptor."""
        return role in self._options.files or role in self._options.descriptors

    def collect(
        self, token: Token | None, *roles: Role, chosen: Role = Role.NEW
    ) -> tuple[Secret, ...]:
        """Get PINs: what was given is read and checked before anything is asked.

        Args:
            token: the token they are for; None if they are for none.
            roles: which PINs, in the order they are read and asked for.
            chosen: which of them is chosen now: it is judged, and asked for twice.

        Raises:
            ConfigurationError: a PIN cannot be had.
            PolicyError: the chosen one breaks the policy.
            PinError: the token would not take the PIN, or only at the cost of its last try.
        """
        for role in roles:
            self._refuse_early(role, token)
        found = {role: self._read(role) for role in roles if self.given(role)}
        if chosen in found and (broken := self._runner.check_pin(found[chosen], token)):
            raise _refused(chosen, broken)
        missing = [role for role in roles if role not in found]
        self._announce(token, missing)
        for role in missing:
            found[role] = self._ask_new(role, token) if role is chosen else self._ask(role)
        return tuple(found[role] for role in roles)

    def one(self, role: Role) -> Secret:
        """Get a PIN that goes to no token and is not judged yet, so it is asked for once.

        Raises:
            ConfigurationError: it cannot be had.
        """
        if self.given(role):
            return self._read(role)
        self._announce(None, (role,))
        return self._ask(role)

    def wipe(self) -> None:
        """Overwrite every PIN that was got."""
        while self._held:
            self._held.pop().wipe()

    def _hold(self, secret: Secret) -> Secret:
        self._held.append(secret)
        return secret

    def _read(self, role: Role) -> Secret:
        if role in self._options.files:
            return self._hold(from_file(self._options.files[role]))
        return self._hold(from_descriptor(self._options.descriptors[role]))

    def _refuse_early(self, role: Role, token: Token | None) -> None:
        """Do not ask for a PIN that will not be tried."""
        status = token and _status(role, token)
        if status is None:
            return
        if status.state is PinState.LOCKED:
            raise PinLocked(role=_NAMES[role])
        if status.state is PinState.NOT_SET and role is Role.USER:
            raise PinNotSet
        if status.state is PinState.FINAL_TRY and not self._options.use_last_try:
            raise LastTry(role=_NAMES[role])

    def _announce(self, token: Token | None, missing: Sequence[Role]) -> None:
        """Before a person enters a PIN: where it will go, and how many tries there are."""
        if not missing:
            return
        if not self._terminal.there:
            what, option = _NAMES[missing[0]], f"--{missing[0]}-file"
            raise SecretMissing(what=what, option=option)
        if token is None:
            return
        label = clean(token.identity.label) or _("without a label")
        self._terminal.say(
            _("Token: {label}, serial number {serial}").format(
                label=label, serial=whole(clean(token.serial))
            )
        )
        for role in missing:
            if warning := _warning(_status(role, token)):
                self._terminal.say(f"{_(_NAMES[role])}: {warning}")

    def _ask(self, role: Role) -> Secret:
        return self._hold(self._terminal.secret(_capital(_(_NAMES[role]))))

    def _ask_new(self, role: Role, token: Token | None) -> Secret:
        """Ask twice for what is chosen; every broken rule is said, and there are three goes."""
        needs, refused = _CHOSEN[role]
        self._terminal.say(_(needs))
        for line in policy_lines(self._runner.policy(token)):
            self._terminal.say(f"  - {line}")
        for left in reversed(range(_ENTRIES)):
            entered, broken = self._ask_meant(role, token)
            if broken and not left:
                raise _refused(role, broken)
            if broken:
                self._terminal.say(_(refused))
                for rule in broken:
                    self._terminal.say(f"  - {rule_text(rule)}")
                continue
            if self._hold(self._terminal.secret(_("The same once more"))) == entered:
                return entered
            if left:
                self._terminal.say(_("The two entries differ; enter both again."))
        raise PinsDiffer

    def _ask_meant(self, role: Role, token: Token | None) -> tuple[Secret, Sequence[BrokenRule]]:
        """Ask for what is chosen until its owner will be able to type it again."""
        while True:
            entered = self._ask(role)
            broken = self._runner.check_pin(entered, token)
            found = () if broken else doubts(entered)
            for doubtful in found:
                self._terminal.say(doubt_text(doubtful))
            if not found or self._terminal.agrees(_("Is that meant?")):
                return entered, broken


def _refused(role: Role, broken: Sequence[BrokenRule]) -> PinRefused:
    kind = PasswordRefused if role is Role.P12 else PinRefused
    return kind(rules=encode_rules(broken))


def _status(role: Role, token: Token) -> PinStatus | None:
    state = token.state
    return {Role.USER: state.user_pin, Role.SO: state.so_pin, Role.PUK: state.puk}.get(role)


def _warning(status: PinStatus | None) -> str:
    if status is None:
        return ""
    if status.state is PinState.FINAL_TRY:
        return _("this is the last try before it locks!")
    if status.state is PinState.COUNT_LOW:
        if status.tries_left is not None:
            return _("tries left: {number}").format(number=status.tries_left)
        return _("at least one wrong try was made; how many are left is not known")
    if status.state is PinState.TO_BE_CHANGED:
        return _("it must be changed before the token can be used")
    return ""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
