"""What a project remembers of the template that it was made from.

A file of the project holds the answers and the text of every file as the template gave it. So an
update knows what the author changed and what the template did, wherever the project has gone and
whichever kits are installed there.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lockwright_testkit.cli.errors import AnswerUnusable, NoProject
from lockwright_testkit.cli.project.answers import Answers

NAME = ".lockwright-kit.json"


@dataclass(frozen=True)
class Record:
    """What a project was made from."""

    answers: Answers
    """What its author wanted."""
    files: Mapping[str, str]
    """The files as the template gave them last."""

    def text(self) -> str:
        """The content of the file."""
        kept = {
            "note": "Written by lockwright-kit, for lockwright-kit new --update. Keep it in git.",
            "answers": self.answers.kept(),
            "files": dict(self.files),
        }
        return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"


def read(folder: Path) -> Record:
    """The record of a project.

    Args:
        folder: the project's.

    Raises:
        NoProject: there is none that can be read.
        AnswerUnusable: one of its answers cannot be used.
    """
    try:
        kept = json.loads((folder / NAME).read_text("utf-8"))
        files = {str(name): str(text) for name, text in kept["files"].items()}
        _stay_inside(files)
        return Record(Answers.read(kept["answers"]), files)
    except OSError as error:
        reason = f"{NAME} cannot be read ({error.strerror})"
    except AnswerUnusable:
        raise
    except (ValueError, TypeError, KeyError, AttributeError):
        reason = f"{NAME} is damaged"
    raise NoProject(folder=str(folder), reason=reason)


def _stay_inside(files: Mapping[str, str]) -> None:
    """A record that names files elsewhere is none of ours."""
    for name in files:
        path = Path(name)
        if path.is_absolute() or ".." in path.parts or not path.parts:
            raise ValueError(name)
