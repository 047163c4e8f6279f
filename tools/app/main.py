"""The command line as a program of its own, for PyInstaller."""

import sys

from lockwright.cli.start import main

sys.exit(main())
