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
        """The rules for a new PIN: the stricter of the bank's and, with a token, the token's."""
        if token is None:
            return self.config.policy
        return operations.pins.effective_policy(self._calls, token, self.config.policy)

    def check_pin(self, pin: Secret, token: Token | None = None) -> tuple[BrokenRule, ...]:
        """Every rule that a new PIN breaks; nothing is spent."""
        about = (token.serial, token.identity.label) if token else ()
        return self.policy(token).check(pin, about=about)

    def plan_policy(self, token: Token, wanted: Mapping[str, int | None]) -> PolicyPlan:
        """What setting a token's PIN rules would change; see ``operations.token_policy.plan``."""
        return operations.token_policy.plan(self._calls, token, wanted, self.config.policy)

    def bank_policy_for(self, token: Token) -> dict[str, int | None]:
        """The bank's rules as far as a token can set them, none weaker than its own."""
        return operations.token_policy.banks(self._calls, token, self.config.policy)

    def set_policy(self, token: Token, so_pin: Secret, plan: PolicyPlan) -> PinPolicy:
        """Set the PIN rules that a person agreed to; see ``operations.token_policy.apply``."""
        return operations.token_policy.apply(self._calls, token, so_pin, plan)

    def unblock(
        self,
        token: Token,
        secret: Secret,
        new_pin: Secret | None,
        *,
        way: UnblockWay = UnblockWay.SO_PIN,
    ) -> PinStatus | None:
        """Give access back to a token whose user PIN is lost; see ``operations.pins.unblock``."""
        return operations.pins.unblock(self._calls, token, way, secret, new_pin)

    def begin_unblock(self, token: Token, new_pin: Secret | None) -> RemoteUnblock:
        """Make the token give a Request and wait for the bank's Response; new_pin None keeps it.

        Until it ends, everything else on that token, and on all others of its module, raises
        ``RequestPending``. See ``operations.remote.RemoteUnblocks.begin``.
        """
        broken = () if new_pin is None else self.check_pin(new_pin, token)
        modules = self._finder.other_doors(token)
        return self._remote.begin(token, new_pin, broken, modules)

    def change_pin(self, token: Token, pin: Secret, new_pin: Secret) -> None:
        """Change the user PIN.

        Raises:
            PinRefused: the new PIN breaks the policy; no try was spent.
            PinError: the PIN does not open the token.
        """
        self._calls(hooks.lockwright_change_pin, token, pin, new_pin)
