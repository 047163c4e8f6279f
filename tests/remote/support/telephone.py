"""What a client reads out to the bank over the telephone, off the screen of an unblock."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lockwright_testkit.pseudo_terminal import Screen

_SHOWN = re.compile(
    r"(?:Request|Запрос): (?P<request>[0-9A-F ]+) "
    r"(?:Check|Контрольные слова): (?P<words>[^(]+) \((?P<digits>\d{4} \d{4})\) "
    r"(?:Serial number|Серийный номер): (?P<serial>\S+)"
)


@dataclass(frozen=True)
class ReadOut:
    """What is read out, in the order of the screen, and all that the screen says with it."""

    request: str
    words: str
    digits: str
    serial: str
    said: str

    @property
    def data(self) -> bytes:
        """The Request as the token gave it."""
        return bytes.fromhex(self.request)


def read_out(screen: Screen) -> ReadOut:
    """Wait until the client is asked for the Response; what the client reads out by then."""
    said = screen.reads("Response:", "Ответ:").before
    shown = _SHOWN.search(said)
    assert shown, said
    return ReadOut(**shown.groupdict(), said=said)
