"""What PyInstaller cannot see in the window: stories that are found by name, and its pictures.

Settings of PyInstaller's own have the names that it gives them.
"""

from __future__ import annotations

from PyInstaller.utils.hooks import collect_data_files, collect_submodules, copy_metadata

hiddenimports = collect_submodules(
    "lockwright_window", filter=lambda name: ".pyinstaller" not in name
)
datas = [*copy_metadata("lockwright-window"), *collect_data_files("lockwright_window")]
