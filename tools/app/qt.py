"""What of Qt a folder with the window needs: PyInstaller takes whatever the widgets might use."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable

Entry = tuple[str, str, str]
"""Of PyInstaller: where it goes in the folder, where it is now, and its kind."""
Imports = Callable[[str], Iterable[str]]

PLUGINS = {
    "platforms": {"qxcb", "qwayland", "qwindows", "qcocoa"},
    "xcbglintegrations": {"qxcb-egl-integration", "qxcb-glx-integration"},
    "wayland-shell-integration": {"xdg-shell"},
    "wayland-decoration-client": {"adwaita", "bradient"},
    "wayland-graphics-integration-client": {"qt-plugin-wayland-egl"},
    "platforminputcontexts": {
        "composeplatforminputcontextplugin",
        "ibusplatforminputcontextplugin",
    },
    "platformthemes": {"qxdgdesktopportal"},
    "iconengines": {"qsvgicon"},
    "imageformats": {"qsvg", "qico"},
    "styles": {"qmodernwindowsstyle", "qmacstyle"},
}
"""Kinds of plugins, and of each which, without ``lib`` and the end of a file's name. The theme of
GTK, which brings GTK, and the keyboard on the screen, which brings QML, are not among them;
what only they load goes with them."""
LANGUAGES = ("en", "ru")
"""Qt's own words: those of buttons and menus in the languages that the window speaks."""

_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/([^/]+)/(?:lib)?([^/.]+)\.")
_WORDS = re.compile(r"PySide6/(?:Qt/)?translations/(.+)")


def needed(entries: Iterable[Entry], imports: Imports) -> list[Entry]:
    """What is left of the files that PyInstaller found.

    Args:
        entries: as it found them.
        imports: which libraries a file names, as full paths.
    """
    every = list(entries)
    files = [entry for entry in every if entry[2] != "SYMLINK"]
    left_out = {file for place, file, _kind in files if not _wanted(place)}
    theirs = _loaded(left_out, imports)
    own = {
        file
        for place, file, kind in files
        if file not in theirs or kind == "EXTENSION" or (_PLUGIN.search(place) and _wanted(place))
    }
    theirs -= _loaded(own, imports)
    gone = {place for place, file, _kind in files if file in theirs}
    return [
        (place, file, kind)
        for place, file, kind in every
        if (_target(place, file) if kind == "SYMLINK" else place) not in gone
    ]


def _target(place: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(place), link))


def _loaded(files: set[str], imports: Imports) -> set[str]:
    """Files, and every library that is loaded with them."""
    found: set[str] = set()
    waiting = set(files)
    while waiting:
        file = waiting.pop()
        found.add(file)
        waiting |= set(imports(file)) - found
    return found


def _wanted(place: str) -> bool:
    if found := _PLUGIN.search(place):
        kind, name = found.groups()
        return name in PLUGINS.get(kind, ())
    if found := _WORDS.search(place):
        return found[1] in {f"qtbase_{language}.qm" for language in LANGUAGES}
    return True
