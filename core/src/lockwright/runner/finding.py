"""What a runner tells of tokens and of what is on them, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from lockwright import operations
from lockwright.contract import hooks
from lockwright.contract.taken_secrets import doors
from lockwright.host.protocol import Look
from lockwright.models import Listing, Token, TokenState
from lockwright.operations.detect import Detection, nothing
from lockwright.registry import Plugin
from lockwright.runner.parts import Parts
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.operations.arrivals import Arrivals


@doors()
class Finding(Parts):
    """Finds tokens, and reads them."""

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """Every installed plugin, loaded or not, and why not."""
        return self.registry.plugins

    def detect(
        self,
        *,
        key_types: bool = True,
        certificates: bool = False,
        begun: Callable[[], object] = nothing,
    ) -> Detection:
        """Every token that is connected now, and what could not be looked at.

        Args:
            key_types: also which key types each token makes, which takes a slow token three calls.
            certificates: also the certificates that anyone may see, which takes a call for each.
            begun: is called once, when every module was asked and before any answer is waited for.
                A program may do something else in it while the modules work.
        """
        return self._finder.detect(look=Look(key_types, certificates), begun=begun)

    def arrivals(self) -> Arrivals:
        """What tells which tokens came and went, and touches none of them.

        A process beside the one that works with a module asks it for ``C_GetSlotList``, and for
        nothing else, so it may look as often as it likes, also while a Request waits for its
        Response. A module that it has not loaded by then is left alone until the Request has ended:
        loading it may touch a token. So have it look once, early. ::

            with runner.arrivals() as arrivals:
                while not (changes := arrivals.look()):
                    time.sleep(1)
                tokens = runner.detect().tokens

        ``C_WaitForSlotEvent`` is not used: modules lack it, or tell nothing by it (SoftHSM 2.6.1).

        Returns:
            A context manager; it ends with the Runner at the latest.
        """
        return operations.arrivals.Arrivals(self._hosts.watchers(self._finder.modules()))

    def find(self, selector: str | None = None, *, key_types: bool = True) -> Token:
        """The one token that fits.

        Args:
            selector: serial number or PKCS#11 URI (RFC 7512); None if there is only one token.
            key_types: also which key types the token makes; without them its capabilities name
                none.

        Raises:
            SelectionError: not exactly one token fits, or no adapter claims it.
            RequestPending: it waits for a Response.
            TokenWaits: the same, in another program.
            ModuleError, AdapterError: no token was found, and this is why.
        """
        return self._finder.find(selector, Look(key_types))

    def state(self, token: Token) -> TokenState:
        """PIN state, memory and capabilities of a token, read again."""
        return self._calls(hooks.lockwright_state, token)

    def list(self, token: Token, pin: Secret | None = None) -> Listing:
        """Everything on a token.

        Args:
            token: the token.
            pin: user PIN; without it private objects are not seen.

        Raises:
            PinError: the token did not let us in.
        """
        return operations.listing.listing(self._calls, token, pin)
