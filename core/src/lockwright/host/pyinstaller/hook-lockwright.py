"""What PyInstaller cannot see in lockwright: commands and adapters found by name, and catalogues.

Every plugin that is installed where the program is made goes into it, with the metadata by which it
is found and judged. Settings of PyInstaller's own have the names that it gives them.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from importlib.util import find_spec

from PyInstaller.utils.hooks import (
    collect_data_files,
    collect_dynamic_libs,
    collect_submodules,
    copy_metadata,
)

packages = {"lockwright"}
datas = copy_metadata("lockwright")
for point in entry_points(group="lockwright"):
    packages.add(point.module.partition(".")[0])
    if point.dist is not None:
        datas += copy_metadata(point.dist.name)
bindings = [name for name in ("pkcs11", "PyKCS11") if find_spec(name)]

hiddenimports = []
for package in (*sorted(packages), *bindings):
    hiddenimports += collect_submodules(package, filter=lambda name: ".pyinstaller" not in name)
for package in sorted(packages):
    datas += collect_data_files(package)
binaries = []
for package in bindings:
    binaries += collect_dynamic_libs(package)
