"""Check a built site: links and anchors lead somewhere, nothing is loaded from elsewhere."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADED = re.compile(r"""url\(\s*['"]?(https?:|//)|@import\s+['"]?(https?:|//)""")


class Read(HTMLParser):
    """A page: what it can be asked for, what it links to, what it loads.

    Args:
        text: its HTML.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag says."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if given.get(name)}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and "href" in given:
            self.loads.append(given["href"])
        elif "src" in given:
            self.loads.append(given["src"])


def main() -> int:
    """How many things are wrong, each told on a line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", type=Path)
    site: Path = parser.parse_args().site.resolve()
    pages = {file: Read(file.read_text("utf-8")) for file in sorted(site.rglob("*.html"))}
    wrong = [*problems(site, pages), *from_elsewhere(site)]
    for line in wrong:
        print(line, file=sys.stderr)
    links = sum(len(page.links) + len(page.loads) for page in pages.values())
    print(f"{len(pages)} pages, {links} links and loads, {len(wrong)} wrong")
    return int(bool(wrong) or not links)


def problems(site: Path, pages: Mapping[Path, Read]) -> Iterator[str]:
    """Links, anchors and loads that lead nowhere, or out of the site."""
    for file, page in pages.items():
        name = file.relative_to(site)
        for target in page.loads:
            if urlsplit(target).scheme not in ("", "data") or target.startswith("//"):
                yield f"{name} loads {target} from elsewhere"
        for target in (*page.links, *page.loads):
            parts = urlsplit(target)
            if parts.scheme or target.startswith("//"):
                continue
            there = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            if not there.is_file() or not there.is_relative_to(site):
                yield f"{name} links to {target}, which is not there"
            elif (
                parts.fragment
                and there in pages
                and unquote(parts.fragment) not in pages[there].anchors
            ):
                yield f"{name} links to {target}, which has no such place"


def from_elsewhere(site: Path) -> Iterator[str]:
    """Style sheets that load a font or a picture from another server."""
    for file in sorted(site.rglob("*.css")):
        for found in _LOADED.finditer(file.read_text("utf-8")):
            yield f"{file.relative_to(site)} has {found[0]}"


if __name__ == "__main__":
    sys.exit(main())
