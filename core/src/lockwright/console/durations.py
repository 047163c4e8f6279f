"""How long something took, in words that a person reads at a glance."""

from __future__ import annotations

from lockwright.i18n import _

_MINUTE = 60
_TENTHS = 10


def took(seconds: float) -> str:
    """A time that is over: to a tenth of a second below a minute."""
    tenths = round(seconds * _TENTHS)
    if tenths >= _MINUTE * _TENTHS:
        return so_far(round(seconds))
    whole, rest = divmod(tenths, _TENTHS)
    return _("{whole}.{tenths} s").format(whole=whole, tenths=rest)


def so_far(seconds: float) -> str:
    """A time that goes on, in the whole seconds of it that are over."""
    minutes, rest = divmod(int(seconds), _MINUTE)
    if minutes:
        return _("{minutes} min {seconds:02} s").format(minutes=minutes, seconds=rest)
    return _("{seconds} s").format(seconds=rest)
