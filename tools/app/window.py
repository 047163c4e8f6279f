"""The window as a program of its own, for PyInstaller."""

from __future__ import annotations

import sys

from lockwright_window.start import main

sys.exit(main())
