"""Collect the messages of lockwright, its adapters and click, and compile the translations.

Without an argument it brings ``.pot``, ``.po`` and ``.mo`` up to date; a message that is new stands
in the ``.po`` without a translation. ``--check`` changes nothing, and fails if one of the files is
behind the code or a message has no sound translation.
"""

from __future__ import annotations

import argparse
import io
import re
import string
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parent.parent / "core" / "src"
PLUGINS = SOURCE.parent.parent / "plugins"
EXAMPLES = SOURCE.parent.parent / "examples"
DESK = SOURCE.parent.parent / "desk" / "src"
WINDOW = SOURCE.parent.parent / "window" / "src"
LOCALES = SOURCE / "lockwright" / "locales"
DOMAIN = "lockwright"
LANGUAGES = ("ru",)
Found = tuple[str, int, str | tuple[str, ...], list[str], str | None]
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
OPTIONS = {"**/templates/**.html": {"silent": "false", "trimmed": "false"}}
"""A template that cannot be read is an error, not one without messages."""
# Dates and Babel's version would make each run a change; the rest would say nothing.
UNSAID = tuple(
    f'"{name}'
    for name in ("POT-", "PO-", "Last-", "Generated-", "Project-", "Report-", "Language-Team")
)


_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)
"""Stands for the time of extraction, so that equal messages give equal files."""


def main() -> int:
    """Run the tool; the exit code says whether all is well."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, only report")
    wanted = dict(generate())
    stale = [path for path, data in wanted.items() if not _holds(path, data)]
    check = parser.parse_args().check
    if not check:
        for path in stale:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(wanted[path])
    problems = [problem for language in LANGUAGES for problem in unsound(language)]
    told = [*(f"{_name(path)} is out of date" for path in stale if check), *problems]
    for line in told:
        sys.stderr.write(f"{line}\n")
    if told:
        sys.stderr.write("translate what is missing in the .po, then run: make messages\n")
    return 1 if told else 0


def generate() -> Iterator[tuple[Path, bytes]]:
    """Every generated file with its content."""
    template = collect()
    yield LOCALES / f"{DOMAIN}.pot", _written(template)
    for language in LANGUAGES:
        catalog = updated(template, language)
        yield _po(language), _written(catalog)
        compiled = io.BytesIO()
        write_mo(compiled, catalog)
        yield _po(language).with_suffix(".mo"), compiled.getvalue()


def collect() -> Catalog:
    """The messages that stand in the code, the adapters', the examples' and click's after core's.

    The catalogue says of an adapter's message only that it is one: core names no vendor.
    """
    template = Catalog(project=DOMAIN, domain=DOMAIN, header_comment="# Messages of lockwright.")
    template.fuzzy = False
    template.creation_date = _NO_DATE
    for place, folder in _folders():
        for file, _line, text, comments, context in _extracted(folder):
            where = place.format(file=file)
            template.add(text, locations=[(where, 0)], auto_comments=comments, context=context)
    return template


def _folders() -> Iterator[tuple[str, Path]]:
    """Where messages stand, and what the catalogue calls the place."""
    yield "{file}", SOURCE
    for plugin in sorted(PLUGINS.glob("*/src")):
        yield "an-adapter", plugin
    for example in sorted(EXAMPLES.glob("*/src")):
        yield "an-example", example
    yield "desk/{file}", DESK
    yield "window/{file}", WINDOW
    yield "click/{file}", Path(click.__file__).parent


def updated(template: Catalog, language: str) -> Catalog:
    """The translations there are, brought to the messages there are."""
    path = _po(language)
    if path.exists():
        with path.open("rb") as file:
            catalog = read_po(file, locale=language, domain=DOMAIN)
    else:
        catalog = Catalog(locale=language, domain=DOMAIN)
    catalog.project = DOMAIN
    catalog.creation_date = _NO_DATE
    catalog.header_comment = f"# Messages of lockwright: {language}."
    catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
    catalog.fuzzy = False
    return catalog


def unsound(language: str) -> Iterator[str]:
    """What is wrong with the translations into a language."""
    for message in updated(collect(), language):
        if not message.id:
            continue
        source, forms = _texts(message.id), _texts(message.string)
        if message.fuzzy or not all(forms):
            yield f"{language}: no translation of {source[0]!r}"
        elif any(_fields(form) not in map(_fields, source) for form in forms):
            yield f"{language}: other placeholders in the translation of {source[0]!r}"


def _extracted(folder: Path) -> Iterable[Found]:
    found = extract_from_dir(folder, method_map=METHODS, keywords=KEYWORDS, options_map=OPTIONS)
    return sorted(found, key=lambda one: one[:2])


def _texts(forms: str | Iterable[str] | None) -> tuple[str, ...]:
    """A message's singular, and its plurals if it has them."""
    return (forms or "",) if isinstance(forms, str | None) else tuple(forms)


def _fields(text: str) -> set[str]:
    """What a text leaves open to be filled in, by name and by how it is shown."""
    named = {
        f"{field}!{conversion}:{spec}"
        for _text, field, spec, conversion in string.Formatter().parse(text)
        if field is not None
    }
    return named | set(re.findall(r"%\(\w+\)[a-z]", text))


def _written(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=100, include_lineno=False, ignore_obsolete=True)
    lines = file.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(UNSAID)).encode()


def _po(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _holds(path: Path, data: bytes) -> bool:
    return path.exists() and path.read_bytes() == data


def _name(path: Path) -> str:
    return str(path.relative_to(SOURCE))


if __name__ == "__main__":
    sys.exit(main())
