"""``python -m lockwright_window``."""

from __future__ import annotations

import sys

from lockwright_window.start import main

sys.exit(main())
