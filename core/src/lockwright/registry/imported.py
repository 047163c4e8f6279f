"""Which file Python would import for a module's name, asked without importing anything."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, all_suffixes
from pathlib import Path, PurePosixPath
from pkgutil import get_importer

_PACKAGE = "__init__"


def module_of(file: PurePosixPath) -> str:
    """Name of the module that a file of a library is; empty if it is none that has a name."""
    suffix = next((each for each in all_suffixes() if file.name.endswith(each)), None)
    if suffix is None:
        return ""
    parts = (*file.parts[:-1], file.name.removesuffix(suffix))
    parts = parts[:-1] if parts[-1] == _PACKAGE else parts
    return ".".join(parts) if all(part.isidentifier() for part in parts) else ""


def file_of(module: str) -> Path | None:
    """The file that would be imported, whoever comes first on Python's path; None if there is none.

    Args:
        module: its full name.
    """
    top, *parts = module.split(".")
    found, name = _top(top), top
    for part in parts:
        if found is None:
            return None
        name = f"{name}.{part}"
        found = _within(name, list(found.submodule_search_locations or ()))
    return None if found is None or not found.has_location else Path(str(found.origin))


def _top(name: str) -> ModuleSpec | None:
    for finder in sys.meta_path:
        if spec := finder.find_spec(name, None):
            return spec
    return None


def _within(name: str, folders: Sequence[str]) -> ModuleSpec | None:
    """As Python looks into a package's folders; those without code are one package together.

    Its own finder would want the package imported.
    """
    parts: list[str] = []
    for folder in folders:
        finder = get_importer(folder)
        spec = finder.find_spec(name) if finder else None
        if spec is not None and spec.loader is not None:
            return spec
        parts += spec.submodule_search_locations or () if spec else ()
    if not parts:
        return None
    without_code = ModuleSpec(name, None, is_package=True)
    without_code.submodule_search_locations = parts
    return without_code
