"""How Sphinx makes the site: of the pages as they are in the repository, which is its source."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes
from docutils.parsers.rst import Directive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from drawings import LOOKS, drawing  # noqa: E402  # where it is had to be said first

project = "lockwright"
author = "the lockwright project"
language = "en"
extensions = ["myst_parser"]
root_doc = "docs/index"
include_patterns = [
    *("*.md", "docs/*.md", "docs/**/*.md", "examples/*/README.md", "findings/README.md"),
    *("plugins/*/README.md", "desk/README.md", "tests/kit/README.md", "window/README.md"),
    "core/src/lockwright/spoken/words/README.md",
]
exclude_patterns = [".*", "**/.*", "build", "**/node_modules", "CLAUDE.md"]
nitpicky = True
templates_path = ["templates"]

myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]

html_theme = "furo"
html_title = "lockwright"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_js_files = ["from-a-file.js"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options = {"top_of_page_buttons": []}
pygments_style = "tango"
pygments_dark_style = "github-dark"

DECISIONS = "docs/adr/"
INDEX = f"{DECISIONS}README"
"""The list of the decisions, under which they stand in the menu."""
GROUPS = {
    "Learn": "docs/tutorial/",
    "Do": "docs/how-to/",
    "Look up": "docs/reference/",
    "Understand": ("docs/explanation/", DECISIONS),
    "По-русски": "docs/ru/",
    "The project": "",
}
"""The parts of the menu, and which pages are in each."""

_LINK = re.compile(r"\]\((?P<target>[^)#\s:]+)(?:#[^)]*)?\)")
_LINKED = re.compile(r"\[(?P<text>[^\[\]]+)\]\((?P<target>[^)#\s:]+)\)")
_FENCE = re.compile(r"^(\s*```(?:toml|python|sh|console|text|c))-[\w-]+$", re.MULTILINE)
"""A language with a word behind it, by which a test finds the block."""
_LIGHT_OR_DARK = {"": "only-light", "-dark": "only-dark"}


class Drawn(Directive):
    """A block of Mermaid, as ``make drawings`` drew it: light or dark as the page is."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """The two images of it."""
        found = drawing("\n".join(self.content) + "\n")
        if not found.is_drawn():
            raise self.error(f"{found.name} is not drawn as it is written: make drawings")
        frame = nodes.container(classes=["drawing"])
        for look in LOOKS:
            where = "/" + found.file(look).relative_to(ROOT).as_posix()
            frame += nodes.image(uri=where, alt=found.title, classes=[_LIGHT_OR_DARK[look]])
        return [frame]


def setup(app: Sphinx) -> None:
    """What is done to pages on their way."""
    app.add_directive("mermaid", Drawn)
    app.connect("source-read", _prepared)
    app.connect("html-page-context", _in_its_language)


def _prepared(app: Sphinx, name: str, source: list[str]) -> None:
    folder = (ROOT / name).parent
    text = source[0]
    for found in _LINKED.finditer(text):  # a folder is no page
        if (folder / found["target"]).is_dir():
            text = text.replace(found[0], found["text"])
    text = _FENCE.sub(r"\1", text)
    if name == root_doc:
        text += _menu(app, text)
    elif name == INDEX:
        decisions = sorted(each for each in app.env.found_docs if each.startswith(DECISIONS))
        text += _entries("", [each for each in decisions if each != INDEX])
    source[0] = text


def _menu(app: Sphinx, text: str) -> str:
    """Every page once: those that the first one names in its order, then the others."""
    folder = Path(root_doc).parent
    linked = [Path(found["target"]).with_suffix("") for found in _LINK.finditer(text)]
    named = [os.path.normpath(folder / each) for each in linked]
    pages = dict.fromkeys(
        [*(each for each in named if each in app.env.found_docs), *sorted(app.env.found_docs)]
    )
    del pages[root_doc]
    pages = {each: None for each in pages if not each.startswith(DECISIONS) or each == INDEX}
    parts = []
    for title, starts in GROUPS.items():
        group = [each for each in pages if each.startswith(starts)]
        for each in group:
            del pages[each]
        parts.append(_entries(f":caption: {title}\n", group) if group else "")
    return "".join(parts)


def _entries(option: str, pages: Sequence[str]) -> str:
    entries = "\n".join(f"/{each}" for each in pages)
    return f"\n```{{toctree}}\n:hidden:\n{option}\n{entries}\n```\n"


def _in_its_language(
    app: Sphinx, name: str, template: str, context: dict[str, object], page: object
) -> None:
    del app, template, page
    if name.startswith("docs/ru/"):
        context["language"] = "ru"
