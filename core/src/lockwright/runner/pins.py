"""What a runner does about PINs, and the rules for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from lockwright import operations
from lockwright.contract import hooks
from lockwright.contract.taken_secrets import doors
from lockwright.models import PinStatus, Token, UnblockWay
from lockwright.policy import BrokenRule, PinPolicy, PolicyPlan
from lockwright.runner.parts import Parts
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.operations.remote import RemoteUnblock


@doors()
class Pins(Parts):
    """Changes PINs, gives access back, sets the rules."""

    def policy(self, token: Token | None = None) -> PinPolicy:
        """The rules for a new PIN: the stricter of the bank's and, with a token, the token's.

        Args:
            token: the token, which is asked for its rules without a login; None for the bank's
                alone.
        """
        if token is None:
            return self.config.policy
        return operations.pins.effective_policy(self._calls, token, self.config.policy)

    def check_pin(self, pin: Secret, token: Token | None = None) -> tuple[BrokenRule, ...]:
        """Every rule that a new PIN breaks; nothing is spent.

        Args:
            pin: the new user PIN.
            token: whose PIN it would be; its serial number and label are no PIN either.
        """
        about = (token.serial, token.identity.label) if token else ()
        return self.policy(token).check(pin, about=about)

    def plan_policy(self, token: Token, wanted: Mapping[str, int | None]) -> PolicyPlan:
        """What setting a token's PIN rules would change; read without a login.

        Args:
            token: the token.
            wanted: rules to set, by their field of ``PinPolicy``; the others stay as they are. 0 or
                None lifts one.

        Raises:
            ValueError: a rule is no whole number from 0 to ``lockwright.policy.HIGHEST``.
            NotSupported: the token's rules cannot be set, or not these.
            PolicyImpossible: no PIN could keep them.
        """
        return operations.token_policy.plan(self._calls, token, wanted, self.config.policy)

    def bank_policy_for(self, token: Token) -> dict[str, int | None]:
        """The bank's rules as far as a token can set them, none weaker than its own."""
        return operations.token_policy.banks(self._calls, token, self.config.policy)

    def set_policy(self, token: Token, so_pin: Secret, plan: PolicyPlan) -> PinPolicy:
        """Set the PIN rules that a person agreed to.

        Args:
            token: the token that the plan was made for.
            so_pin: SO PIN.
            plan: what ``plan_policy`` said.

        Returns:
            The rules that the token reports now, only those that can be set.

        Raises:
            PolicyStale: its rules are no longer what the plan was made for; nothing was set.
            PinIncorrect, PinLocked, LastTry: the SO PIN does not open the token; nothing was set.
            PolicyNotKept: it reports others than those that were set.
            TokenError: it failed; ``cost`` says what became of its rules, as far as it tells.
        """
        return operations.token_policy.apply(self._calls, token, so_pin, plan)

    def unblock(
        self,
        token: Token,
        secret: Secret,
        new_pin: Secret | None,
        *,
        way: UnblockWay = UnblockWay.SO_PIN,
    ) -> PinStatus | None:
        """Give access back to a token whose user PIN is lost, with a secret that is at hand.

        Args:
            token: the token.
            secret: the SO PIN or the PUK.
            new_pin: the new user PIN; None keeps the old one, where the token can do that.
            way: ``SO_PIN`` or ``PUK``: which of them the secret is.

        Returns:
            The state of the user PIN afterwards; None if the token does not tell it.

        Raises:
            NotSupported: this token is not unblocked this way.
            PinRefused: the new PIN breaks the policy; the token was not touched.
            PinIncorrect, PinLocked, LastTry: the SO PIN or PUK does not open the token.
        """
        return operations.pins.unblock(self._calls, token, way, secret, new_pin)

    def begin_unblock(self, token: Token, new_pin: Secret | None) -> RemoteUnblock:
        """Make the token give a Request and wait for the bank's Response.

        Until it ends, everything else on that token, and on all others of its module, raises
        ``RequestPending``.

        Args:
            token: the token.
            new_pin: the user PIN to set; None keeps the old one, where the token can do that.

        Returns:
            A context manager with the Request, which takes the Response.

        Raises:
            PinRefused: the new PIN breaks the policy; the token was not touched.
            NotSupported: the token is not unblocked by Request and Response, or no more.
            PinLocked, LastTry: the administrator is locked, or has one try left.
        """
        broken = () if new_pin is None else self.check_pin(new_pin, token)
        modules = self._finder.other_doors(token)
        return self._remote.begin(token, new_pin, broken, modules)

    def change_pin(self, token: Token, pin: Secret, new_pin: Secret) -> None:
        """Change the user PIN.

        Args:
            token: the token.
            pin: the user PIN as it is.
            new_pin: the user PIN to set.

        Raises:
            PinRefused: the new PIN breaks the policy; no try was spent.
            PinError: the PIN does not open the token.
        """
        self._calls(hooks.lockwright_change_pin, token, pin, new_pin)
