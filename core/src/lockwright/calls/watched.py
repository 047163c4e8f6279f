"""A plugin that wraps operations, watched: what it does wrong is told of it, with what it cost.

It runs in the caller's process, so it is foreign code between the caller and a token that may have
been changed already. Its way to the operation and its way back are each taken in a thread that is
waited for with a deadline; between the two the token is asked, by the caller's own thread.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial

from lockwright.calls.steps import Ended, Steps
from lockwright.contract import ca_hooks, hooks
from lockwright.contract.declaration import Arguments, Declared
from lockwright.contract.derived import Wrapping, wrapping
from lockwright.contract.manager import Manager
from lockwright.errors import NOTHING, UNKNOWN_COST, LockwrightError, PluginBroken, PluginHung
from lockwright.errors.base import is_whole
from lockwright.i18n import N_, _
from lockwright.registry import Wrapper
from lockwright.secret import Secret

DONE = N_("The token did what it was asked.")
ANSWERED = N_("The Request is used up; its Response is not shown.")

_RESPOND = hooks.lockwright_respond.__name__
_Foreign = Generator[object, object, object]
_Begin = Callable[[Arguments], _Foreign]


class Watched:
    """Stands for a plugin that wraps operations.

    Where it stands among the others is not its own to say: ``tryfirst`` of pluggy would put it
    outside of the audit trail.

    Args:
        wrapper: the plugin.
        seconds: how long it may take before an operation, and after it.
    """

    def __init__(self, wrapper: Wrapper, seconds: float) -> None:
        self._name = wrapper.name
        self._seconds = seconds
        alone = Manager()
        alone.add_hookspecs(hooks)
        alone.add_hookspecs(ca_hooks)
        alone.register(wrapper.code)
        for hook, declared in {**hooks.HOOKS, **ca_hooks.HOOKS}.items():
            for own in getattr(alone.hook, hook).get_hookimpls():
                begin = partial(_begun, own.function, own.argnames)
                setattr(self, hook, wrapping(declared, partial(self._around, declared, begin)))

    def _around(self, declared: Declared, begin: _Begin, arguments: Arguments) -> Wrapping:
        with Steps(self._seconds) as steps:
            call = _Call(self._name, declared, steps, self._seconds)
            foreign = call.goes_on(partial(begin, arguments))
            result: object = None
            try:
                result = yield
            except BaseException as error:  # noqa: BLE001  # it goes back through the plugin
                call.failed = error
                back = partial(foreign.throw, error)
            else:
                call.done = True
                back = partial(foreign.send, result)
            try:
                return call.comes_back(back)
            except BaseException:
                if isinstance(result, Secret):
                    result.wipe()
                raise


def _begun(function: Callable[..., _Foreign], names: tuple[str, ...], given: Arguments) -> _Foreign:
    return function(*(given[name] for name in names))


class _Call:
    """One call of a hook, as a plugin takes part in it."""

    def __init__(self, name: str, declared: Declared, steps: Steps, seconds: float) -> None:
        self.done = False
        """Whether the operation was done."""
        self.failed: BaseException | None = None
        """What the operation raised."""
        self._name = name
        self._declared = declared
        self._steps = steps
        self._seconds = seconds

    def goes_on(self, begin: Callable[[], _Foreign]) -> _Foreign:
        """The plugin's way to the operation; it is to yield there.

        Raises:
            LockwrightError: the plugin refuses the operation.
            PluginBroken, PluginHung: it does not get there.
        """
        begun: list[_Foreign] = []

        def step() -> object:
            begun.append(begin())
            return next(begun[0])

        ended = self._taken(step)
        if ended.error is None:
            return begun[0]
        if isinstance(ended.error, StopIteration):
            told = _("it returned {type} before the operation")
            raise self._broken(told.format(type=type(ended.error.value).__name__))
        raise self._raised(ended.error)

    def comes_back(self, back: Callable[[], object]) -> object:
        """What the plugin returns after the operation.

        Raises:
            BaseException: what the operation raised.
            LockwrightError: what the plugin makes of it.
            PluginBroken, PluginHung: it does not come back, or with something else.
        """
        ended = self._taken(back)
        if ended.error is None:
            raise self._broken(_("it yielded a second time"))
        if not isinstance(ended.error, StopIteration):
            raise self._raised(ended.error)
        if self.failed is not None and self._declared.changes:
            raise self.failed  # that something was not changed is not the plugin's to hide
        value: object = ended.error.value
        secret = self._declared.name == _RESPOND and isinstance(value, Secret)
        if not secret and (misfit := self._declared.misfit(value)):
            raise self._broken(_("it returned {type}").format(type=misfit))
        return value

    def _taken(self, step: Callable[[], object]) -> Ended:
        try:
            return self._steps.take(step)
        except TimeoutError:
            seconds = f"{self._seconds:g}"
        raise PluginHung(
            name=self._name, hook=self._declared.name, seconds=seconds, cost=self._cost()
        )

    def _raised(self, error: BaseException) -> BaseException:
        """What came out of the plugin, as it is told; of foreign errors not what they say."""
        if error is self.failed:
            return error
        if not isinstance(error, LockwrightError) or not is_whole(error):
            return self._broken(_("it raised {type}").format(type=type(error).__name__))
        if error.cost == NOTHING:
            error.cost = self._cost()
        return error

    def _broken(self, reason: str) -> PluginBroken:
        return PluginBroken(
            name=self._name, hook=self._declared.name, reason=reason, cost=self._cost()
        )

    def _cost(self) -> str:
        """What is known of the token now."""
        if self.failed is not None:
            return self.failed.cost if isinstance(self.failed, LockwrightError) else UNKNOWN_COST
        if not self.done:
            return NOTHING
        if self._declared.name == _RESPOND:
            return ANSWERED
        if self._declared.changes:
            return DONE
        return NOTHING if self._declared.about_a_token else UNKNOWN_COST
