"""Care for a token itself: its first day, and what its administrator does later."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from lockwright.calls.adapters import Calls
from lockwright.config import Config
from lockwright.contract import hooks
from lockwright.contract.taken_secrets import doors
from lockwright.errors import ImportForbidden, LockwrightError
from lockwright.models import Certificate, InitPlan, KeyProof, StoredCertificate, Token
from lockwright.operations import pins
from lockwright.operations.care import exporting, importing, initialising, labels, proving
from lockwright.operations.care.importing import KeyFile
from lockwright.operations.care.offered import refuse_not_offered
from lockwright.operations.finder import Finder
from lockwright.operations.listing import listing
from lockwright.policy import BrokenRule, PinPolicy
from lockwright.secret import Secret


@doors()
class TokenCare:
    """Cares for tokens; ``Runner.care`` is one.

    Args:
        calls: the contract.
        finder: finds tokens, again after they were initialised.
        config: the configuration.
    """

    def __init__(self, calls: Calls, finder: Finder, config: Config) -> None:
        self._calls = calls
        self._finder = finder
        self._bank = config.policy
        self._trust = config.trust
        self._imports = config.imports

    def find(self, selector: str | None = None, *, blank: bool = False) -> Token:
        """The one token that is to be initialised, be it a blank one.

        Args:
            selector: as for ``Runner.find``.
            blank: mean blank tokens alone; otherwise one is meant only where no other fits.

        Raises:
            SelectionError, ModuleError, AdapterError: as for ``Runner.find``.
        """
        token = self._finder.to_initialise(selector, blank=blank)
        if not token.identity.initialized:
            with suppress(LockwrightError):  # what it does not tell yet is not known
                token = replace(token, state=self._calls(hooks.lockwright_state, token))
        return token

    def plan_init(self, token: Token, label: str) -> InitPlan:
        """What initialising a token would do; see ``initialising.plan``."""
        return initialising.plan(self._calls, token, label)

    def init(self, token: Token, so_pin: Secret, new_pin: Secret, plan: InitPlan) -> Token:
        """Initialise a token as a person agreed to; see ``initialising.apply``."""
        return initialising.apply(
            self._calls, self._finder, self._bank, token, so_pin, new_pin, plan
        )

    def check_so_pin(self, so_pin: Secret, token: Token) -> tuple[BrokenRule, ...]:
        """Every rule that a new SO PIN, or PUK, breaks; nothing is spent."""
        about = (token.serial, token.identity.label)
        return self.so_policy(token).check(so_pin, about=about)

    def so_policy(self, token: Token) -> PinPolicy:
        """The rules for a new SO PIN, or PUK: the bank's, within the lengths that it takes."""
        return pins.so_policy(token, self._bank)

    def require_offered(self, token: Token, short: str) -> None:
        """Refuse what a token is not offered, before anybody is asked for a PIN.

        Args:
            token: the token.
            short: the hook that is needed, without ``lockwright_``.

        Raises:
            NotOffered: the token says that it has it not, and why.
        """
        refuse_not_offered(token, short)

    def prove(
        self, token: Token, pin: Secret, selectors: Sequence[str] = ()
    ) -> tuple[KeyProof, ...]:
        """Have keys sign, and see whether their certificates fit; see ``proving.prove``."""
        return proving.prove(self._calls, token, pin, selectors, self._trust)

    def certificates(
        self,
        token: Token,
        pin: Secret | None = None,
        selectors: Sequence[str] = (),
        *,
        every: bool = False,
    ) -> tuple[Certificate, ...]:
        """Certificates of a token; see ``exporting.chosen``.

        Args:
            token: the token.
            pin: user PIN; None for those that anyone may see.
            selectors: which; none for the only one.
            every: all of them.
        """
        return exporting.chosen(listing(self._calls, token, pin), selectors, every=every)

    def open_key_file(
        self,
        data: bytes,
        password: Secret,
        *,
        file: str = "the file",
        trust: Sequence[Path] = (),
    ) -> KeyFile:
        """Open a PKCS#12 file that is to be taken over; see ``importing.opened``.

        ``trust`` names files with trusted CA certificates beside those of the configuration.

        Raises:
            ImportForbidden: the bank does not let that be done.
        """
        self.require_imports()
        return importing.opened(data, password, file=file, trust=(*self._trust, *trust))

    def require_imports(self) -> None:
        """Refuse to import private keys, unless the bank lets that be done.

        Raises:
            ImportForbidden: it does not.
        """
        if not self._imports:
            raise ImportForbidden

    def take_over(
        self,
        token: Token,
        pin: Secret,
        found: KeyFile,
        label: str | None = None,
        *,
        with_cas: bool = False,
    ) -> StoredCertificate:
        """Write what a PKCS#12 file holds to a token; see ``importing.take_over``."""
        self.require_imports()
        return importing.take_over(self._calls, token, pin, found, label, with_cas=with_cas)

    def change_so_pin(self, token: Token, so_pin: Secret, new_so_pin: Secret) -> None:
        """Change the SO PIN.

        Raises:
            NotOffered: the token's administrator has no PIN, or it is changed by other means.
            PinRefused: the new SO PIN breaks the policy; no try was spent.
            PinIncorrect, PinLocked, LastTry: the SO PIN does not open the token.
            PinRefusedByToken: the token does not take the new one; the old one stays.
        """
        refuse_not_offered(token, "change_so_pin")
        self._calls(hooks.lockwright_change_so_pin, token, so_pin, new_so_pin)

    def change_puk(self, token: Token, puk: Secret, new_puk: Secret) -> None:
        """Change the PUK.

        Raises:
            NotOffered: the token has no PUK, or it is changed by other means.
            PinRefused: the new PUK breaks the policy; no try was spent.
            PinIncorrect, PinLocked, LastTry: the PUK is wrong, locked, or has one try left.
            PinRefusedByToken: the token does not take the new one; the old one stays.
        """
        refuse_not_offered(token, "change_puk")
        self._calls(hooks.lockwright_change_puk, token, puk, new_puk)

    def check_label(self, label: str) -> None:
        """Refuse a label that no token has; see ``labels.check_label``."""
        labels.check_label(label)

    def set_label(self, token: Token, pin: Secret, label: str) -> Token:
        """Give a token another label; see ``labels.set_label``."""
        return labels.set_label(self._calls, self._finder, token, pin, label)
