"""Draw the Mermaid blocks of the documentation, light and dark, with Chromium.

A block begins with ``%% name`` and its drawing is ``docs/drawings/name.svg``, which says what it
was drawn from, so only what changed is drawn again. Mermaid comes from npm, once, by its hash.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
DRAWINGS = ROOT / "docs" / "drawings"
MERMAID = "mermaid@12.3.0"
SHA512 = "4113TdXeLAsMruJ79OpFL5O8+LTFXhQqZ260rF3tgUmiNAtRm4Uume04I+65PRN6yZ69J4f8rVYWW8zRk65UYw=="
LOOKS = {"": "neutral", "-dark": "dark"}
"""What is added to a drawing's name, and the theme of Mermaid."""

_BLOCK = re.compile(
    r"^```mermaid\n%% (?P<name>[\w-]+)\n(?P<rest>.*?)^```$", re.MULTILINE | re.DOTALL
)
_DRAWN = re.compile(r'data-drawn="(?P<svg>[^"]+)"')
_PAGE = """<!DOCTYPE html><meta charset="utf-8"><body><script src="{script}"></script><script>
mermaid.initialize({{
  startOnLoad: false, theme: "{theme}", deterministicIds: true, htmlLabels: false,
  fontFamily: "Verdana, DejaVu Sans, sans-serif",
  flowchart: {{useMaxWidth: true, htmlLabels: false}}, sequence: {{
    mirrorActors: false, width: 90, height: 45, actorMargin: 24, messageMargin: 28, boxMargin: 6,
    messageFontSize: 16, noteFontSize: 16, actorFontSize: 16,
  }},
}});
mermaid.render("drawing", {source}).then(
  ({{svg}}) => svg, (error) => "!" + error.message
).then((text) => document.body.setAttribute(
  "data-drawn", btoa(String.fromCharCode(...new TextEncoder().encode(text)))));
</script>
"""


@dataclass(frozen=True)
class Drawing:
    """A drawing, as its block has it."""

    name: str
    """Its name."""
    source: str
    """What Mermaid reads."""

    @property
    def mark(self) -> str:
        """The first line of its files."""
        digest = hashlib.sha256(self.source.encode()).hexdigest()
        return f"<!-- make drawings: {digest} -->\n"

    @property
    def title(self) -> str:
        """What it shows, in words."""
        found = re.search(r"^\s*accTitle: (.+)$", self.source, re.MULTILINE)
        return found[1] if found else self.name

    def file(self, look: str) -> Path:
        """Where it is."""
        return DRAWINGS / f"{self.name}{look}.svg"

    def is_drawn(self) -> bool:
        """Whether its files are there, and drawn from this."""
        files = [self.file(look) for look in LOOKS]
        return all(f.exists() and f.read_text("utf-8").startswith(self.mark) for f in files)


def drawing(block: str) -> Drawing:
    """The drawing of a block's text.

    Raises:
        ValueError: it does not begin with a name.
    """
    name, _, source = block.partition("\n")
    if not re.fullmatch(r"%% [\w-]+", name):
        raise ValueError("a drawing begins with %% and its name")
    return Drawing(name[3:], source)


def drawings() -> Iterator[Drawing]:
    """Every drawing of the documentation."""
    for page in sorted((ROOT / "docs").rglob("*.md")):
        for found in _BLOCK.finditer(page.read_text("utf-8")):
            yield Drawing(found["name"], found["rest"])


def main() -> int:
    """Draw what is not drawn, and forget what nobody shows."""
    wanted = list(drawings())
    DRAWINGS.mkdir(exist_ok=True)
    kept = {each.file(look) for each in wanted for look in LOOKS}
    for file in set(DRAWINGS.glob("*.svg")) - kept:
        file.unlink()
    stale = [each for each in wanted if not each.is_drawn()]
    if not stale:
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        script = _mermaid(Path(scratch))
        for each in stale:
            for look, theme in LOOKS.items():
                svg = _draw(Path(scratch), script, theme, each.source)
                each.file(look).write_text(each.mark + svg + "\n", encoding="utf-8")
    return 0


def _mermaid(folder: Path) -> Path:
    """The script, unpacked."""
    npm = shutil.which("npm") or sys.exit("npm is missing: install it and run make drawings again")
    packed = subprocess.run(  # noqa: S603  # npm itself
        [npm, "pack", "--silent", "--pack-destination", folder, MERMAID],
        check=True,
        capture_output=True,
        text=True,
    )
    archive = folder / packed.stdout.strip()
    if base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode() != SHA512:
        sys.exit(f"{MERMAID} is not what it was")
    with tarfile.open(archive) as tar:
        found = tar.extractfile("package/dist/mermaid.min.js")
        (folder / "mermaid.js").write_bytes(found.read() if found else b"")
    return folder / "mermaid.js"


def _draw(folder: Path, script: Path, theme: str, source: str) -> str:
    page = folder / "page.html"
    page.write_text(
        _PAGE.format(script=script.as_uri(), theme=theme, source=json.dumps(source)), "utf-8"
    )
    chromium = shutil.which("chromium") or sys.exit("chromium is missing: install it")
    done = subprocess.run(  # noqa: S603  # Chromium
        [
            *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *(f"--user-data-dir={folder / 'profile'}", "--virtual-time-budget=20000"),
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    found = _DRAWN.search(done.stdout)
    svg = base64.b64decode(found["svg"]).decode() if found else "!nothing was drawn"
    if svg.startswith("!"):
        sys.exit(svg[1:])
    return _of_its_own_size(svg)


def _of_its_own_size(svg: str) -> str:
    """A drawing that says how large it is, where Mermaid lets it fill whatever it is put into."""
    box = re.search(r'viewBox="[-\d.]+ [-\d.]+ (?P<width>[\d.]+) (?P<height>[\d.]+)"', svg)
    if box is None:
        sys.exit("a drawing without a size")
    width, height = (round(float(box[side])) for side in ("width", "height"))
    return svg.replace('width="100%"', f'width="{width}" height="{height}"', 1)


if __name__ == "__main__":
    sys.exit(main())
