"""Copy the pages of the reference that errors name into the distributions, for ``help PAGE``.

A wheel has no ``docs``, so what a program tells people to read comes with it. ``--check`` writes
nothing and fails where a copy is not the page any more.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
REFERENCE = ROOT / "docs" / "reference"
_CORE, _DESK = ROOT / "core/src/lockwright/pages", ROOT / "desk/src/lockwright_desk/pages"
COPIES = {
    _CORE / "configuration.md": REFERENCE / "configuration.md",
    _CORE / "errors.md": REFERENCE / "errors.md",
    _DESK / "configuration.md": REFERENCE / "desk-configuration.md",
}
_NOTE = re.compile(r"<!-- .*? -->\n\n?", re.DOTALL)
_LINK = re.compile(r"\[([^\]]+)\]\((?!\w+://)[^)]+\)")
"""A link to another page, which is not there."""


def shipped(page: str) -> str:
    """A page as it is shipped."""
    return _LINK.sub(r"\1", _NOTE.sub("", page, count=1))


def main() -> int:
    """Write or check the copies."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, only compare")
    check = parser.parse_args().check
    stale = False
    for copy, page in COPIES.items():
        text = shipped(page.read_text(encoding="utf-8"))
        if copy.exists() and copy.read_text(encoding="utf-8") == text:
            continue
        stale = True
        if check:
            print(f"{copy.relative_to(ROOT)} is out of date: make reference")
        else:
            copy.parent.mkdir(exist_ok=True)
            copy.write_text(text, encoding="utf-8")
    return int(check and stale)


if __name__ == "__main__":
    sys.exit(main())
