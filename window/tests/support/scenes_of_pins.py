"""Stories of PINs: changed by who knows it, and set anew where it was lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from caller import Caller, ReadOut, caller, read_out
from kinds import ETOKEN, JACARTA_GOST2, JACARTA_PKI, Kind
from lockwright_testkit.sim.fixtures import SimulatorFactory
from opened_window import Opened
from scene import FAILED, VALUES, Scene, typed
from walker import Value, Walk
from window_home import Home

SET = "Set a new user PIN"
CHANGE = "Change the user PIN"
VOID = "stories.new_pin.void.Void"
Answers = Callable[[Caller], Value]


def right(client: Caller) -> Value:
    """The bank's Response; such a long one is checked, where the token can bear it."""
    checked = client.locked.kind is not JACARTA_GOST2

    def answer(window: Opened) -> str:
        read = _asked(window)
        return "" if read is None else client.answer(read, checked=checked)

    return answer


def _asked(window: Opened) -> ReadOut | None:
    """What is read out; None where the Request became void just now."""
    try:
        return read_out(window)
    except AssertionError:
        if window.find("Response", roles=frozenset({"text", "entry", "password text"})):
            raise
        return None


def _wrong_first(client: Caller) -> Value:
    """A Response to another Request, then, once that was refused, the right one."""

    def answer(window: Opened) -> str:
        read = _asked(window)
        if read is None:
            return ""
        right = client.answer(read, checked=False)
        steps = window.home.folder / "steps"
        if VOID in steps.read_text():
            return right
        return f"{(int(right, 16) ^ 1):0{len(right)}x}"

    return answer


def _lost(
    kind: Kind,
    *ticks: str,
    press: str = SET,
    past: tuple[str, ...] = (),
    answers: Answers = right,
) -> Scene:
    """A new PIN in place of one that was lost."""

    @contextmanager
    def scene(home: Home, sim: SimulatorFactory, folder: Path) -> Iterator[Walk]:
        with caller(kind, sim, home, folder) as client:
            values = {**VALUES, "Response": answers(client)}
            yield Walk(press, values, ticks, past=past)

    return scene


def _known(*, is_to_be_changed: bool = False, fault: str = "") -> Scene:
    """A PIN that its owner changes."""

    @contextmanager
    def scene(home: Home, sim: SimulatorFactory, _folder: Path) -> Iterator[Walk]:
        device = sim("etoken", label="Anna Petrova")
        device.set("user.change", is_to_be_changed, slot=0)
        if fault:
            device.fault(fault)
        home.tokens.append(device)
        yield Walk(CHANGE, VALUES, past=(FAILED,) if fault else ())

    return scene


@contextmanager
def _last_try(home: Home, sim: SimulatorFactory, folder: Path) -> Iterator[Walk]:
    """One try is left, and it is spent; the page that says so leads to a new PIN."""
    with caller(JACARTA_PKI, sim, home, folder) as client:
        device = client.locked.device
        device.set("user.tries", 1, slot=0)
        values = {**VALUES, "User PIN": typed("not-the-PIN-1"), "Response": right(client)}
        yield Walk(CHANGE, values, ("I am sure of it: use the last try",))


PINS: Mapping[str, Scene] = {
    "new PIN by Request": _lost(JACARTA_PKI),
    "new PIN after a wrong Response": _lost(JACARTA_PKI, past=(FAILED,), answers=_wrong_first),
    "new PIN by SO PIN": _lost(ETOKEN, "With the administrator's PIN"),
    "new PIN by PUK": _lost(JACARTA_GOST2, "With the PUK"),
    "unlock by Request": _lost(
        JACARTA_GOST2, "Keep the PIN and only unlock it, with the bank's help"
    ),
    "change the PIN": _known(),
    "change a PIN that is to be changed": _known(is_to_be_changed=True),
    "change the PIN, tried again": _known(fault="C_SetPIN@1=0x30"),
    "the last try, then a new PIN": _last_try,
}
