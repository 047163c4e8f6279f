"""Compile the kit's C sources on demand, once for each content, into the user's cache."""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import platformdirs

_WARNINGS = ("-Wall", "-Wextra", "-Werror")
_SHARED = ("-std=c11", "-fPIC", "-shared")
_LIBRARIES = ("-ldl", "-lpthread")
FLAGS_VARIABLE = "LOCKWRIGHT_TESTKIT_CFLAGS"
"""Flags for every compilation, such as ``-fsanitize=address,undefined -g``."""


class BuildError(RuntimeError):
    """A C source of the kit could not be compiled; the message says what to do."""


@dataclass(frozen=True)
class Library:
    """A shared library that the kit brings as source."""

    name: str
    """The name of the file, before the hash."""
    sources: Sequence[Path]
    """What is compiled."""
    headers: Sequence[Path] = ()
    """What the sources include; they count for the hash."""
    flags: Sequence[str] = ()
    """Definitions, more warnings."""
    folders: Sequence[Path] = ()
    """Where the sources find headers that do not lie beside them."""

    def built(self) -> Path:
        """The library, compiled if it has not been yet.

        Returns:
            Its path, in the user's cache.

        Raises:
            BuildError: there is no compiler, or it refused the source.
        """
        cache = platformdirs.user_cache_path("lockwright-testkit", ensure_exists=True)
        library = cache / f"{self.name}-{self._digest()}.so"
        if not library.exists():
            with tempfile.TemporaryDirectory(dir=cache) as folder:
                made = Path(folder, library.name)
                _run([*self._command(), "-o", str(made), *_LIBRARIES])
                made.replace(library)
        return library

    def _command(self) -> list[str]:
        extra = shlex.split(os.environ.get(FLAGS_VARIABLE, ""))
        compiler = shlex.split(os.environ.get("CC", "cc"))
        sources = [str(source) for source in self.sources]
        folders = [f"-I{folder}" for folder in self.folders]
        return [*compiler, *_SHARED, "-O2", *_WARNINGS, *extra, *self.flags, *folders, *sources]

    def _digest(self) -> str:
        """Of what is compiled and how, wherever it lies."""
        digest = hashlib.sha256(
            "\0".join(replace(self, sources=(), folders=())._command()).encode()
        )
        for name, content in sorted(
            (f.name, f.read_bytes()) for f in (*self.sources, *self.headers)
        ):
            digest.update(f"\0{name} {len(content)}\0".encode() + content)
        return digest.hexdigest()[:16]


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        raise BuildError(
            f"no C compiler: {command[0]} is not there; install one (apt-get install gcc) "
            "or name yours in CC"
        ) from None
    if done.returncode:
        raise BuildError(f"{command[0]} refused the source:\n{done.stderr.strip()}")
