"""Where SoftHSM's module is."""

from __future__ import annotations

from pathlib import Path

MODULES = (
    # Debian, Ubuntu
    Path("/usr/lib/softhsm/libsofthsm2.so"),
    Path("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
    Path("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
    # Fedora, RHEL
    Path("/usr/lib64/pkcs11/libsofthsm2.so"),
    Path("/usr/lib64/softhsm/libsofthsm2.so"),
    # Homebrew, built from source
    Path("/opt/homebrew/lib/softhsm/libsofthsm2.so"),
    Path("/usr/local/lib/softhsm/libsofthsm2.so"),
    # Windows
    Path(r"C:\SoftHSM2\lib\softhsm2-x64.dll"),
)
"""Where the packages of each system put it."""
