"""Put the licences of all that is in a folder of ``make app`` beside it, in ``licences``.

Run by the Python that the folder was made with: FOLDER, then the files of requirements that lock
what went in. What came from the system has its text from Debian's packages, where there are such.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution
from pathlib import Path

from app.asked_for import plain, sorted_out

HERE = Path(__file__).parent
_TEXT = re.compile(r"licen[cs]e|copying|notice|authors", re.IGNORECASE)
QT = """\
This folder has Qt and PySide6 ({names}), under the GNU Lesser General Public
License, version 3 (LGPL-3.0.txt, with GPL-3.0.txt, which it supplements). They are the files in
_internal/PySide6 and _internal/shiboken6 and may be replaced by others of the same interface;
nothing in this program forbids to change them, nor to look into it in order to debug that.

Their sources: https://download.qt.io/official_releases/QtForPython/ and
https://download.qt.io/official_releases/qt/, by the same version number.
What Qt itself contains of others: https://doc.qt.io/qt-6/licenses-used-in-qt.html
"""


def main() -> None:
    """Write them."""
    folder, *locks = map(Path, sys.argv[1:])
    into = folder / "licences"
    inside, _left = sorted_out(locks)
    for each in inside:
        for text in _texts(each):
            _copy(text, into / f"{each.name}-{each.version}-{text.name}")
    _copy(Path(sys.base_prefix) / f"lib/python{sys.version[:4]}/LICENSE.txt", into / "Python.txt")
    for package in sorted(set(_packages(_from_the_system(folder)))):
        _copy(Path("/usr/share/doc") / package / "copyright", into / "system" / f"{package}.txt")
    if qt := [f"{each.name} {each.version}" for each in inside if _is_qt(each)]:
        (into / "Qt.txt").write_text(QT.format(names=", ".join(sorted(qt))))
        for text in sorted((HERE / "licences").glob("*.txt")):
            _copy(text, into / text.name)


def _is_qt(each: Distribution) -> bool:
    return plain(each.name) in {"pyside6-essentials", "shiboken6"}


def _texts(each: Distribution) -> Iterator[Path]:
    for file in each.files or ():
        if ".dist-info" in file.parts[0] and _TEXT.search(file.name):
            yield Path(str(each.locate_file(file)))


def _from_the_system(folder: Path) -> Iterator[str]:
    """Names of libraries that no wheel brought."""
    internal = folder / "_internal"
    for file in internal.glob("*.so*"):
        if not file.is_symlink():
            yield file.name


def _packages(names: Iterable[str]) -> Iterator[str]:
    """Debian's packages that libraries are of."""
    if shutil.which("dpkg-query") is None:
        return
    for name in names:
        found = subprocess.run(  # noqa: S603  # names of files of ours
            ["dpkg-query", "--search", f"*/{name}"],  # noqa: S607  # the system's
            capture_output=True,
            text=True,
            check=False,
        )
        yield from (line.partition(":")[0] for line in found.stdout.splitlines())


def _copy(text: Path, to: Path) -> None:
    if text.is_file():
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(text, to)


if __name__ == "__main__":
    main()
