"""The Python API: find tokens, give each to one adapter, perform operations on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from lockwright import operations
from lockwright.config import Config
from lockwright.contract import hooks
from lockwright.contract.stopping import together
from lockwright.contract.taken_secrets import doors
from lockwright.host.hosts import Hosts
from lockwright.host.last_try import spending
from lockwright.host.protocol import Look
from lockwright.host.watching import watching
from lockwright.late import late
from lockwright.models import (
    CertificateRequest,
    Listing,
    PinStatus,
    Plan,
    Report,
    StoredCertificate,
    Token,
    TokenState,
    UnblockWay,
    Watch,
)
from lockwright.operations.detect import Detection, Detector
from lockwright.operations.finder import Finder
from lockwright.policy import BrokenRule, PinPolicy, PolicyPlan
from lockwright.registry import Plugin, Registry
from lockwright.runner.parts import Parts
from lockwright.secret import Secret

if TYPE_CHECKING:
    from lockwright.operations.arrivals import Arrivals
    from lockwright.operations.care import TokenCare
    from lockwright.operations.remote import RemoteUnblock


@doors(ends={"stop", "close"})
class Runner(Parts):
    """All of lockwright for a program: every command of the command line is a call of this.

    Use it as a context manager: it keeps child processes. Threads may share it. ::

        with Runner() as runner:
            token = runner.find("0B53001435596976")
            for container in runner.list(token).containers:
                print(container.label, container.not_after)

    Args:
        config: the configuration; None for all defaults.
        modules: PKCS#11 modules to look at instead of the adapters' known ones, absolute paths.
        isolate: give each module a process of its own. Without it a module that crashes or
            hangs takes the caller along.
        use_last_try: spend the last try of a PIN where there is only one left.
        verbose: show what modules write to stderr.
        void_requests: ask modules also where a token waits for a Response in another program,
            which may void it. The PINs of that very token are left alone even so.
        registry: the plugins; None for the installed ones the configuration allows.

    Raises:
        PluginRequired: a plugin that the configuration requires is not loaded.
    """

    def __init__(
        self,
        config: Config | None = None,
        *,
        modules: Sequence[Path] = (),
        isolate: bool = True,
        use_last_try: bool = False,
        verbose: bool = False,
        void_requests: bool = False,
        registry: Registry | None = None,
    ) -> None:
        config = config or Config()
        registry = registry or Registry(allow=config.allow, files=config.files)
        registry.require(config.require)
        hosts = Hosts(
            registry,
            config.adapters,
            config.deadlines,
            use_last_try=use_last_try,
            isolate=isolate,
            verbose=verbose,
            void_requests=void_requests,
        )
        super().__init__(
            config,
            registry,
            hosts,
            use_last_try=use_last_try,
            detect=self.detect,
            policy=self.policy,
        )
        self._finder = Finder(Detector(registry, hosts, config.adapters, tuple(modules)))

    @late
    def care(self) -> TokenCare:
        """Care for tokens themselves: their first day, and what their administrator does."""
        return operations.care.TokenCare(self._calls, self._finder, self.config)

    # --- find -----------------------------------------------------------------------------------

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """Every installed plugin, loaded or not, and why not."""
        return self.registry.plugins

    def detect(self, *, key_types: bool = True, certificates: bool = False) -> Detection:
        """Every token that is connected now, and what could not be looked at.

        Args:
            key_types: also which key types each token makes, which takes a slow token three calls.
            certificates: also the certificates that anyone may see, which takes a call for each.
        """
        return self._finder.detect(look=Look(key_types, certificates))

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

    def watching(self, watch: Watch | None) -> AbstractContextManager[None]:
        """Let someone watch what this thread has tokens do in the block, and stop a deletion there.

        Args:
            watch: is told how far it has come; None for nobody.
        """
        return watching(watch)

    def together(self) -> AbstractContextManager[None]:
        """Let ``stop`` end what this thread does in the block as one operation.

        Without it a stop that comes between two operations of a program ends neither. What the
        program does after ``Stopped``, such as clearing up, is not ended by the same stop. ::

            with runner.together():
                runner.install(runner.find(), pin, certificate)
        """
        return together()

    def last_try(self, *, agreed: bool = True) -> AbstractContextManager[None]:
        """Let what this thread has tokens do in the block spend the last try of a PIN.

        It is for a program whose user was asked, right before, about one PIN of one token;
        elsewhere the last try is spared (``LastTry``). ::

            with runner.last_try():
                runner.change_pin(token, pin, new_pin)

        Args:
            agreed: whether the user agreed to that; if not, the block spares it.
        """
        return spending(agreed=agreed)

    # --- PINs -----------------------------------------------------------------------------------

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

    # --- delete ---------------------------------------------------------------------------------

    def plan_delete(
        self, token: Token, pin: Secret, selectors: Sequence[str], *, expired: bool = False
    ) -> Plan:
        """What deleting would remove; see ``operations.plans.plan`` for selectors.

        Args:
            token: the token.
            pin: user PIN.
            selectors: what to delete.
            expired: also every container whose certificates have all expired, and of others the
                expired certificates beside a valid one.
        """
        now = datetime.now(UTC) if expired else None
        return operations.plans.planned(self._calls, token, pin, selectors, expired=now)

    def plan_wipe(self, token: Token, pin: Secret | None) -> Plan:
        """What a wipe would remove: everything; without the PIN only what anyone may see."""
        return operations.plans.plan_wipe(self.list(token, pin))

    def apply(self, token: Token, pin: Secret, plan: Plan) -> Report:
        """Carry out a plan that a person agreed to.

        Raises:
            PlanStale: the content changed since; nothing is gone.
            PartlyDeleted, DeletionStopped: some of it is still there.
        """
        return operations.deletion.apply(self._calls, token, pin, plan)

    def erase(self, token: Token, so_pin: Secret, plan: Plan) -> Report:
        """Have the administrator erase a token; see ``operations.deletion.erase``.

        ``plan`` is what ``plan_wipe`` said without a PIN, and a person agreed to.
        """
        return operations.deletion.erase(self._calls, token, so_pin, plan)

    # --- enrol ----------------------------------------------------------------------------------

    def request(
        self,
        token: Token,
        pin: Secret,
        subject: str,
        *,
        key_type: str | None = None,
        label: str | None = None,
    ) -> CertificateRequest:
        """Make a key pair and a request on the token; see ``operations.enrolment.request``."""
        return operations.enrolment.by_hand.request(
            self._calls, token, pin, subject, key_type=key_type, label=label
        )

    def install(
        self,
        token: Token,
        pin: Secret,
        certificate: bytes,
        *,
        file: str = "the certificate",
        trust: Sequence[Path] = (),
    ) -> StoredCertificate:
        """Check a certificate and write it beside its key; see ``operations.enrolment.install``.

        ``trust`` names files with trusted CA certificates beside those of the configuration.
        """
        anchors = (*self.config.trust, *trust)
        return operations.enrolment.by_hand.install(
            self._calls, token, pin, certificate, file=file, trust=anchors
        )

    def check_subject(self, subject: str) -> None:
        """Refuse a subject that no request can be made for, before anybody is asked for a PIN.

        Raises:
            BrokenRequest: it is not a name as RFC 4514 writes it.
        """
        from lockwright.enrol.request import parse_subject  # noqa: PLC0415  # slow to import

        parse_subject(subject)

    def check_certificate(
        self, certificate: bytes, *, file: str = "the certificate", trust: Sequence[Path] = ()
    ) -> None:
        """Refuse a certificate that no token should get, before anybody is asked for a PIN.

        The arguments and errors are those of ``operations.enrolment.by_hand.check_certificate``.
        """
        anchors = (*self.config.trust, *trust)
        operations.enrolment.by_hand.check_certificate(certificate, file=file, trust=anchors)

    # --- sign -----------------------------------------------------------------------------------

    def sign(self, token: Token, pin: Secret, public_key: bytes, data: bytes) -> bytes:
        """Sign with the key on a token that a public key is of; see ``operations.signing.sign``."""
        return operations.signing.sign(self._calls, token, pin, public_key, data)

    # --- end ------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Stop what other threads have this Runner do, and wait for none of it.

        Each operation that runs ends, within a few seconds, with ``Stopped``, which says what it
        may have cost; nobody is blamed. What the module is doing has two seconds to come to its
        end. A change that is done by then is done, and is returned if nothing was to follow it.
        Then the module is unloaded in order, or its process killed where it does not answer. What
        an enrolment has made is in its journal, as after Ctrl-C. A Request that waits for its
        Response while nothing else runs stays good. The Runner can be used on. As after Ctrl-C an
        operation may clear up behind it, such as half a key pair; a second stop ends that, too.

        A CA that is being asked, and a plugin, end at their own deadlines; without ``isolate``
        so does no module, and an operation ends before its next step.
        """
        self._hosts.stops.stop()

    def close(self) -> None:
        """Stop what runs, give up what waits for a Response, and end every child process."""
        self._hosts.stops.stop(for_good=True)
        try:
            if "_remote" in vars(self) and not self._hosts.forked:
                self._remote.close()
        finally:
            self._hosts.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()
