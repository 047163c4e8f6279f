"""Entries of the corpus: odd tokens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from corpus_entry import CERTIFICATE, KEY_PAIR, Entry
from corpus_token import HEALTHY, CorpusToken, Makers
from lockwright_testkit.sim import control
from lockwright_testkit.sim.applet import Setting

_MODEL: Mapping[str, Setting] = {"manufacturer": "SoftHSM project", "model": "SoftHSM v2"}
_SIMULATOR = "the simulator, by its settings"
_CONTAINER = (*KEY_PAIR, *CERTIFICATE)
_NO_LOGIN: Mapping[str, int] = {"list --login": 5, "delete": 5, "wipe": 5}
"""What the user PIN does not open now."""
_NO_CHANGE: Mapping[str, int] = {"wipe": 10}


def _turned(**settings: Setting) -> Callable[[Makers], CorpusToken]:
    """A token with a healthy container, whose settings were changed after that.

    Args:
        settings: names as the simulator has them, with underscores for points.
    """

    def made(makers: Makers) -> CorpusToken:
        device = makers.sim(settings=_MODEL)
        token = makers.simulated(device)
        for name, value in settings.items():
            device.set(name.replace("_", "."), value, slot=0)
        return token

    return made


def _device(**settings: Setting) -> Callable[[Makers], CorpusToken]:
    """A token with a healthy container, made with settings of the whole device."""
    named = {name.replace("_", "."): value for name, value in settings.items()}
    return lambda makers: makers.simulated(makers.sim(settings={**_MODEL, **named}))


def _beside_a_blank_one(makers: Makers) -> CorpusToken:
    token = makers.simulated(makers.sim(settings=_MODEL))
    makers.sim(label="", settings={**_MODEL, "initialized": False, "reader": "Reader of blanks"})
    return token


def _with_a_label_of_no_letters(makers: Makers) -> CorpusToken:
    device = makers.sim(settings=_MODEL)
    token = makers.simulated(device)
    control.command(device.module, device.folder, "set slot0.label %d0%ff%fe")
    return token


def _nothing(_token: CorpusToken) -> None:
    """The token itself is odd."""


def _entry(
    name: str,
    token: Callable[[Makers], CorpusToken],
    *messages: str,
    fails: Mapping[str, int] | None = None,
    english: tuple[str, ...] = (HEALTHY,),
    russian: tuple[str, ...] = (HEALTHY,),
) -> Entry:
    """A token whose healthy container is listed, unless its PIN opens nothing."""
    fails = fails or {}
    opens = "list --login" not in fails
    return Entry(
        name=name,
        made=_SIMULATOR,
        fill=_nothing,
        english=english,
        russian=russian,
        deletes={HEALTHY: _CONTAINER} if opens else {},
        token=token,
        healthy=opens,
        fails=fails,
        messages=messages,
    )


ENTRIES: Sequence[Entry] = (
    _entry("beside-a-blank-token", _beside_a_blank_one, "Blank, never initialised"),
    _entry(
        "write-protected",
        _turned(write_protected=True),
        "write-protected",
        "nothing on it can be changed",
        fails=_NO_CHANGE,
    ),
    _entry("no-login-required", _turned(login_required=False), "asks for no PIN"),
    _entry(
        "write-protected-without-login",
        _turned(write_protected=True, login_required=False),
        "write-protected",
        "asks for no PIN",
        fails=_NO_CHANGE,
    ),
    _entry("pin-pad", _turned(pad=True), "has a PIN pad"),
    _entry(
        "user-pin-locked",
        _turned(user_tries=0),
        "Unblock it with: lockwright unblock",
        fails=_NO_LOGIN,
        english=("The user PIN is locked.",),
        russian=("PIN-код пользователя заблокирован",),
    ),
    _entry(
        "user-pin-last-try",
        _turned(user_tries=1),
        "allow it with --use-last-try",
        fails=_NO_LOGIN,
        english=("Only one try of the user PIN is left",),
        russian=("осталась только одна попытка",),
    ),
    _entry(
        "last-try-flag-that-lingers",
        _turned(user_lingers=True),
        "last try",
        fails=_NO_LOGIN,
        english=("Only one try of the user PIN is left",),
        russian=("осталась только одна попытка",),
    ),
    _entry(
        "user-pin-not-set",
        _turned(user_pin=""),
        "The token has no user PIN yet",
        fails=_NO_LOGIN,
        english=("Set one with the SO PIN: lockwright unblock",),
        russian=("ещё не задан",),
    ),
    _entry("user-pin-to-be-changed", _turned(user_change=True), "to be changed"),
    _entry("so-pin-locked", _turned(so_tries=0)),
    _entry("so-pin-last-try", _turned(so_tries=1)),
    _entry("no-label", _turned(label=""), "(no label)"),
    _entry("label-no-utf8", _with_a_label_of_no_letters, r"\xff\xfe"),
    _entry("label-that-acts-on-a-terminal", _turned(label="\x1b[31mred\r\a"), "red"),
    _entry("label-cut-within-a-letter", _turned(label="Петрова Мария Александровна")),
    _entry("memory-untold", _device(memory_unavailable=True), "unknown"),
    _entry("attributes-untold", _device(attributes_unavailable=True)),
    _entry("two-attributes-at-once", _device(attributes_most=2)),
    _entry("empty-readers-beside-it", _device(slots_empty=3)),
    _entry("reader-without-a-name", _device(reader="")),
    _entry("only-short-rsa-keys", _device(rsa_max=1024, ec_max=224)),
    _entry("slot-number-of-33-bits", _device(slot_first="0x100000000")),
)
