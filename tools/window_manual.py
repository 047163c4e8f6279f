"""Write the manual page of the window, English and Russian, from its command line.

It goes into ``window/man``, from where the wheel brings it to ``share/man``. ``--check`` writes
nothing and fails where a page is no longer what the command line says. Qt is not needed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from lockwright import __version__
from manual import DATE, ROOT, TITLES, brought_up_to_date, escaped, in_language, quoted

sys.path.append(str(ROOT / "window" / "src"))
from lockwright_window.life.options import parser  # it is not installed where Qt is not

NAME = "lockwright-window"
FILES = ("/etc/lockwright/config.toml", "~/.config/lockwright/config.toml")
SAID = {
    "en": {},
    "ru": TITLES["ru"]
    | {
        "OPTIONS": "ПАРАМЕТРЫ",
        "SEE ALSO": "СМ. ТАКЖЕ",
        "0 when its window was closed; 2 where the command line is wrong.": "0, если окно закрыто;"
        " 2, если командная строка неверна.",
        "Nobody needs these; whoever rolls it out may set them.": "Пользователю они не нужны; их"
        " может задать тот, кто устанавливает программу.",
    },
}


def main() -> int:
    """Write or check the pages."""
    return brought_up_to_date(__doc__, _pages())


def _pages() -> Iterator[tuple[Path, str]]:
    for language in SAID:
        in_language(language)
        place = ROOT / "window/man" / ("" if language == "en" else language) / f"man1/{NAME}.1"
        yield place, "\n".join(page(language)) + "\n"


def page(language: str) -> Iterator[str]:
    """The lines of a page (man(7))."""
    said, made = SAID[language], parser()

    def title(text: str) -> str:
        return f".SH {quoted(said.get(text, text))}"

    yield '.\\" Written by tools/window_manual.py; change the options, then run it again.'
    yield f".TH {quoted(NAME.upper())} 1 {DATE} {quoted(f'{NAME} {__version__}')}"
    yield ".ad l"
    yield title("NAME")
    yield f"{NAME.replace('-', chr(92) + '-')} \\- {escaped(str(made.description).rstrip('.'))}"
    yield title("SYNOPSIS")
    yield f".B {escaped(NAME)}"
    yield escaped("[OPTIONS]" if language == "en" else "[ПАРАМЕТРЫ]")
    yield title("OPTIONS")
    text = "Nobody needs these; whoever rolls it out may set them."
    yield escaped(said.get(text, text))
    for action in made._actions[1:]:  # noqa: SLF001  # argparse has no other list of them
        value = action.metavar or ("|".join(action.choices) if action.choices else "")
        yield ".TP"
        yield f".B {escaped(f'{action.option_strings[-1]} {value}'.strip())}".replace("|", "|\\:")
        yield escaped(str(action.help))
    yield title("EXIT STATUS")
    text = "0 when its window was closed; 2 where the command line is wrong."
    yield escaped(said.get(text, text))
    yield title("FILES")
    for file in FILES:
        yield f".TP\n.I {escaped(file)}"
        text = "The configuration; the first that exists is read."
        yield escaped(said.get(text, text))
    yield title("SEE ALSO")
    yield f".BR {escaped('lockwright')} (1)"


if __name__ == "__main__":
    sys.exit(main())
