"""The command line as a program of its own, for PyInstaller."""

from __future__ import annotations

import sys

from lockwright.cli.start import main

sys.exit(main())
