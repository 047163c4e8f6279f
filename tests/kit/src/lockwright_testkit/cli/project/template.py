"""The text of a project: the files of a template with the answers put in.

A template is a folder of files that end with ``.in``. In their text and in their names ``@{name}``
stands for a value, of those that ``values`` gives; what ends with ``_text`` is quoted, for Python
and TOML alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import lockwright

from lockwright_testkit.cli.errors import TemplateBroken
from lockwright_testkit.cli.project.answers import LICENCES, Answers

HOME = Path(__file__).parents[2] / "template"
_ENDING = ".in"
_FIELD = re.compile(r"@\{(\w+)\}")


def rendered(answers: Answers) -> dict[str, str]:
    """The files of a project.

    Args:
        answers: what its author wants.

    Returns:
        The text of each file by its path in the project, parted by slashes.

    Raises:
        TemplateBroken: the template cannot be read, or names what there is not.
    """
    folder, given = Path(answers.template or HOME / "files"), values(answers)
    try:
        sources = sorted(each for each in folder.rglob(f"*{_ENDING}") if each.is_file())
        texts = {each.relative_to(folder).as_posix(): each.read_text("utf-8") for each in sources}
    except (OSError, UnicodeDecodeError) as error:
        raise TemplateBroken(template=str(folder), reason=str(error)) from None
    if not texts:
        raise TemplateBroken(
            template=str(folder), reason=f"it has no files that end with {_ENDING}"
        )
    licence = (HOME / "licences" / answers.licence).read_text("utf-8")
    try:
        files = {
            _filled(name, given).removesuffix(_ENDING): _filled(text, given)
            for name, text in texts.items()
        }
    except KeyError as error:
        raise TemplateBroken(
            template=str(folder), reason=f"it names @{{{error.args[0]}}}"
        ) from None
    return {"LICENSE": _filled(licence, given), **files}


def values(answers: Answers) -> dict[str, str]:
    """What a template can name."""
    told = {
        "author": answers.author,
        "binding": answers.binding,
        "description": f"The adapter of lockwright for tokens of {answers.vendor}",
        "distribution": f"lockwright-{answers.name}",
        "manufacturer": answers.manufacturer,
        "model": answers.models[0],
        "name": answers.name,
        "spdx": LICENCES[answers.licence],
        "vendor": answers.vendor,
    }
    return {
        **told,
        **{f"{name}_text": _quoted(text) for name, text in told.items()},
        "class": answers.class_name,
        "core_bounds": bounds(lockwright.__version__),
        "core_version": ".".join(lockwright.__version__.split(".")[:2]),
        "licence_sentence": f"{LICENCES[answers.licence]}, see [LICENSE](LICENSE).",
        "models": _tuple(map(_quoted, answers.models)),
        "modules": _tuple(f"Path({_quoted(path)})" for path in answers.modules),
        "package": answers.package,
        "year": str(answers.year),
    }


def bounds(version: str) -> str:
    """The versions that keep what this one promises (Semantic Versioning): ``>=0.1,<0.2``.

    Args:
        version: ``MAJOR.MINOR`` and whatever follows.
    """
    major, minor = (int(number) for number in version.split(".")[:2])
    following = f"{major + 1}" if major else f"0.{minor + 1}"
    return f">={major}.{minor},<{following}"


def _filled(text: str, given: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda found: given[found[1]], text)


def _quoted(text: str) -> str:
    """A text as a literal of Python, TOML and JSON, which agree on these."""
    return json.dumps(text, ensure_ascii=False)


def _tuple(items: Iterable[str]) -> str:
    listed = list(items)
    return f"({', '.join(listed)}{',' if len(listed) == 1 else ''})"
