"""``python -m lockwright_window``."""

from __future__ import annotations

import sys

from lockwright_window.life.start import main

sys.exit(main())
