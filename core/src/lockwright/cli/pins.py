"""The PINs a command needs: from files and descriptors first, then from a person, in order."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from lockwright.cli.clean import clean
from lockwright.cli.given import Given
from lockwright.cli.secret_files import from_descriptor, from_file
from lockwright.cli.terminal import Terminal
from lockwright.errors import (
    LastTry,
    PinLocked,
    PinNotSet,
    PinRefused,
    PinsDiffer,
    SecretMissing,
)
from lockwright.explain import encode_rules, policy_lines, rule_text
from lockwright.i18n import N_, _
from lockwright.models import PinState, PinStatus, Token
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


_NAMES = {
    Role.USER: N_("user PIN"),
    Role.SO: N_("SO PIN"),
    Role.NEW: N_("new user PIN"),
    Role.PUK: N_("PUK"),
    Role.KEY: N_("administrator key"),
    Role.HSM: N_("HSM's user PIN"),
    Role.OTP: N_("one-time password"),
}


class Pins:
    """Gets PINs for one command and wipes them when it ends.

    Args:
        given: the command line.
        terminal: where a person can be asked.
        runner: judges a new PIN.
    """

    def __init__(self, given: Given, terminal: Terminal, runner: Runner) -> None:
        self._given = given
        self._terminal = terminal
        self._runner = runner
        self._held: list[Secret] = []

    def given(self, role: Role) -> bool:
        """Whether a PIN was given by a file or descriptor."""
        return role in self._given.files or role in self._given.descriptors

    def collect(self, token: Token, *roles: Role) -> tuple[Secret, ...]:
        """Get PINs: what was given is read and checked before anything is asked.

        Args:
            token: the token they are for.
            roles: which PINs, in the order they are read and asked for.

        Raises:
            ConfigurationError: a PIN cannot be had.
            PinRefused: the new PIN breaks the policy.
            PinError: the token would not take the PIN, or only at the cost of its last try.
        """
        for role in roles:
            self._refuse_early(role, token)
        found = {role: self._read(role) for role in roles if self.given(role)}
        if Role.NEW in found:
            self._check(found[Role.NEW], token)
        missing = [role for role in roles if role not in found]
        self._announce(token, missing)
        for role in missing:
            found[role] = self._ask_new(token) if role is Role.NEW else self._ask(role)
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
        if role in self._given.files:
            return self._hold(from_file(self._given.files[role]))
        return self._hold(from_descriptor(self._given.descriptors[role]))

    def _refuse_early(self, role: Role, token: Token) -> None:
        """Do not ask for a PIN that will not be tried."""
        status = _status(role, token)
        if status is None:
            return
        if status.state is PinState.LOCKED:
            raise PinLocked(role=_NAMES[role])
        if status.state is PinState.NOT_SET and role is Role.USER:
            raise PinNotSet
        if status.state is PinState.FINAL_TRY and not self._given.use_last_try:
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
                label=label, serial=clean(token.serial)
            )
        )
        for role in missing:
            if warning := _warning(_status(role, token)):
                self._terminal.say(f"{_(_NAMES[role])}: {warning}")

    def _ask(self, role: Role) -> Secret:
        return self._hold(self._terminal.secret(_capital(_(_NAMES[role]))))

    def _ask_new(self, token: Token) -> Secret:
        """Ask twice for a new PIN; every broken rule is said, and there are three goes."""
        self._terminal.say(_("A new PIN needs:"))
        for line in policy_lines(self._runner.policy(token)):
            self._terminal.say(f"  - {line}")
        for left in reversed(range(_ENTRIES)):
            entered = self._ask(Role.NEW)
            broken = self._runner.check_pin(entered, token)
            if broken and not left:
                raise PinRefused(rules=encode_rules(broken))
            if broken:
                self._terminal.say(_("The new PIN is refused:"))
                for rule in broken:
                    self._terminal.say(f"  - {rule_text(rule)}")
                continue
            if self._hold(self._terminal.secret(_("The same once more"))) == entered:
                return entered
            if left:
                self._terminal.say(_("The two entries are not the same; once more from the start."))
        raise PinsDiffer

    def _check(self, new_pin: Secret, token: Token) -> None:
        if broken := self._runner.check_pin(new_pin, token):
            raise PinRefused(rules=encode_rules(broken))


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
