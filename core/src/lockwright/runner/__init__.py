"""The Python API: find tokens, give each to one adapter, perform operations on it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from lockwright.config import Config
from lockwright.contract.stopping import together
from lockwright.contract.taken_secrets import doors
from lockwright.host.hosts import Hosts
from lockwright.host.last_try import spending
from lockwright.host.watching import watching
from lockwright.models import Watch
from lockwright.operations.detect import Detector
from lockwright.operations.finder import Finder
from lockwright.registry import Registry
from lockwright.runner.content import Content
from lockwright.runner.finding import Finding
from lockwright.runner.pins import Pins


@doors(ends={"stop", "close"})
class Runner(Content, Pins, Finding):
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
            Finder(Detector(registry, hosts, config.adapters, tuple(modules))),
            use_last_try=use_last_try,
            detect=self.detect,
            policy=self.policy,
        )

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

    # --- end --------------------------------------------------------------------------------------

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
