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
    SecretMissing,
)
from lockwright.explain import encode_rules, policy_lines, rule_text
from lockwright.explain.doubts import doubt_text
from lockwright.i18n import N_, _
from lockwright.models import PinState, PinStatus, Token
from lockwright.operations.guard import require_writable
from lockwright.policy import BrokenRule
from lockwright.policy.doubts import doubts
from lockwright.runner import Runner
from lockwright.secret import Secret


class Role(StrEnum):
    """Which PIN; the value is the stem of its options."""

    USER = "pin"
    SO = "so-pin"
    NEW = "new-pin"
    NEW_SO = "new-so-pin"
    NEW_PUK = "new-puk"
    PUK = "puk"
    KEY = "key"
    HSM = "hsm-pin"
    OTP = "otp"
    P12 = "p12-password"
    STORE = "store-password"
    KEY_FILE = "key-file-password"
    SIGN_IN = "sign-in-password"


_NAMES = {
    Role.USER: N_("user PIN"),
    Role.SO: N_("SO PIN"),
    Role.NEW: N_("new user PIN"),
    Role.NEW_SO: N_("new SO PIN"),
    Role.NEW_PUK: N_("new PUK"),
    Role.PUK: N_("PUK"),
    Role.KEY: N_("administrator key"),
    Role.HSM: N_("HSM's user PIN"),
    Role.OTP: N_("one-time password"),
    Role.P12: N_("password that protects the new key"),
    Role.STORE: N_("password of the system's certificate store"),
    Role.KEY_FILE: N_("password of the PKCS#12 file"),
    Role.SIGN_IN: N_("password of the key that you sign in with"),
}
_CHOSEN = {
    Role.NEW: (N_("A new PIN needs:"), N_("The new PIN is refused:")),
    Role.NEW_SO: (N_("A new SO PIN needs:"), N_("The new SO PIN is refused:")),
    Role.NEW_PUK: (N_("A new PUK needs:"), N_("The new PUK is refused:")),
    Role.P12: (N_("The password needs:"), N_("The password is refused:")),
}
"""What a person is told who chooses one."""
_OTHERS = {Role.NEW_SO, Role.NEW_PUK}
"""What is always chosen, and judged by the bank's rules rather than by a token's for its user."""


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
        self, token: Token | None, *roles: Role, chosen: Role | None = None, reads: bool = False
    ) -> tuple[Secret, ...]:
        """Get PINs: what was given is read and checked before anything is asked.

        A PIN that the token asks for on a pad of its own, or does not ask for, is an empty one.

        Args:
            token: the token they are for; None if they are for none.
            roles: which PINs, in the order they are read and asked for.
            chosen: which of them is chosen now: it is judged, and asked for twice; None for the
                new PIN. So is a new SO PIN or PUK, always.
            reads: whether the token is only read with them.

        Raises:
            ConfigurationError: a PIN cannot be had.
            PolicyError: the chosen one breaks the policy.
            PinError: the token would not take the PIN, or only at the cost of its last try.
            TokenWriteProtected: the token is to be changed and cannot be.
        """
        chosen = chosen or Role.NEW
        if token is not None and not reads:
            require_writable(token)
        self.refuse_in_vain(token, *(role for role in roles if role not in _needless(token, roles)))
        found = {role: self._read(role) for role in roles if self.given(role)}
        for role in found.keys() & {chosen, *_OTHERS}:
            if broken := self._broken(role, found[role], token):
                raise _refused(role, broken)
        missing = [role for role in roles if role not in found]
        on_pad = _on_pad(token, missing)
        not_asked = {*on_pad, *_needless(token, roles)}
        found |= {role: self._hold(Secret(b"")) for role in missing if role in not_asked}
        missing = [role for role in missing if role not in not_asked]
        self._announce(token, missing)
        for role in missing:
            is_new = role in {chosen, *_OTHERS}
            found[role] = self._ask_new(role, token) if is_new else self._ask(role)
        if on_pad:
            self._tell_of_pad(token, on_pad)
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

    def refuse_in_vain(self, token: Token | None, *roles: Role) -> None:
        """Refuse before anybody is asked for a PIN that will not be tried.

        Raises:
            PinError: it is locked, not set, or has one try left that is not to be spent.
        """
        for role in roles:
            self._refuse_early(role, token)

    def _refuse_early(self, role: Role, token: Token | None) -> None:
        status = token and _status(role, token)
        if status is None:
            return
        if status.state is PinState.LOCKED:
            raise PinLocked(role=_NAMES[role])
        if status.state is PinState.NOT_SET and role is Role.USER:
            raise PinNotSet
        if status.state is PinState.FINAL_TRY and not self._options.use_last_try:
            raise LastTry(role=_NAMES[role])

    def _tell_of_pad(self, token: Token | None, roles: Sequence[Role]) -> None:
        """Before a person is asked by the token itself: for what, and under which rules."""
        if Role.NEW in roles:
            self._tell_rules(Role.NEW, token)
        names = ", ".join(_(_NAMES[role]) for role in roles)
        told = _("Enter on the token's own PIN pad, each time it asks: {names}.")
        self._terminal.tell(told.format(names=names))
        self._warn(token, roles)

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
        self._warn(token, missing)

    def _warn(self, token: Token | None, roles: Sequence[Role]) -> None:
        """How many tries there are, where that is worth a word."""
        for role in roles:
            if warning := _warning(_status(role, token) if token else None):
                self._terminal.tell(f"{_(_NAMES[role])}: {warning}")

    def _tell_rules(self, role: Role, token: Token | None) -> None:
        """What is asked of what is chosen now."""
        others = token if role in _OTHERS else None
        policy = self._runner.care.so_policy(others) if others else self._runner.policy(token)
        lines = policy_lines(policy)
        if lines:
            self._terminal.tell(_(_CHOSEN[role][0]))
        for line in lines:
            self._terminal.tell(f"  - {line}")

    def _broken(self, role: Role, new: Secret, token: Token | None) -> Sequence[BrokenRule]:
        """Every rule that breaks what is chosen now."""
        if role in _OTHERS and token is not None:
            return self._runner.care.check_so_pin(new, token)
        return self._runner.check_pin(new, token)

    def _ask(self, role: Role) -> Secret:
        return self._hold(self._terminal.secret(_capital(_(_NAMES[role]))))

    def _ask_new(self, role: Role, token: Token | None) -> Secret:
        """Ask twice for what is chosen, until it is good; every broken rule is said.

        There is no last go: who is sent away after some would type the next PIN into the shell.
        """
        self._tell_rules(role, token)
        while True:
            entered, broken = self._ask_meant(role, token)
            if broken:
                self._terminal.say(_(_CHOSEN[role][1]))
                for rule in broken:
                    self._terminal.say(f"  - {rule_text(rule)}")
                self._terminal.say(_("Choose another one; Ctrl-C ends."))
                continue
            if self._hold(self._terminal.secret(_("The same once more"))) == entered:
                return entered
            self._terminal.say(_("The two entries differ; enter both again, or end with Ctrl-C."))

    def _ask_meant(self, role: Role, token: Token | None) -> tuple[Secret, Sequence[BrokenRule]]:
        """Ask for what is chosen until its owner will be able to type it again."""
        while True:
            entered = self._ask(role)
            broken = self._broken(role, entered, token)
            found = () if broken else doubts(entered)
            for doubtful in found:
                self._terminal.say(doubt_text(doubtful))
            if not found or self._terminal.agrees(_("Is that meant?")):
                return entered, broken


def _on_pad(token: Token | None, roles: Sequence[Role]) -> list[Role]:
    """Which PINs the token asks for on its own pad: those of PKCS#11, and the new one with them."""
    if token is None or not token.identity.pin_pad:
        return []
    old = [role for role in roles if role in {Role.USER, Role.SO, Role.NEW_SO}]
    return [role for role in roles if role in old or (old and role is Role.NEW)]


def _needless(token: Token | None, roles: Sequence[Role]) -> list[Role]:
    """Which PINs the token does not ask for: the user's where no login is required."""
    needless = token is not None and not token.identity.login_required and Role.NEW not in roles
    return [Role.USER] if needless else []


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
