"""Three stories of tokens and a bank, told by running them: ``make demo``.

Every command is a real one, of ``lockwright``, of ``lockwright-desk``, of OpenSC and OpenSSL, on
simulated tokens, in a private folder that is removed at the end.
"""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

import blocked
import expired
import full
from lockwright import i18n
from screen import GREEN, paragraph, style
from story import Story

ACTS = {"blocked": blocked.tell, "full": full.tell, "expired": expired.tell}
_INTERRUPTED = 130


def main() -> int:
    """Tell the acts that were asked for."""
    given = _arguments()
    i18n.use("en")
    folder = given.keep or Path(tempfile.mkdtemp(prefix="lockwright-demo-"))
    folder.mkdir(exist_ok=True)
    began = time.monotonic()
    story = Story(folder.resolve())
    try:
        for name in given.acts or ACTS:
            ACTS[name](story)
    except AssertionError as error:  # the window shows why
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        print("\n\nInterrupted.")
        return _INTERRUPTED
    finally:
        if given.keep is None:
            shutil.rmtree(folder)
    seconds = time.monotonic() - began
    print(f"\n\n{style(f'All done in {seconds:.0f} seconds.', GREEN)}")
    if given.keep is None:
        paragraph("The folder of the demo is removed.")
    else:
        paragraph(f"Everything is kept in {folder}; a token is seen by what LOCKWRIGHT_SIM names.")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__.partition("\n")[0])
    parser.add_argument("acts", nargs="*", metavar="ACT", help=f"any of {', '.join(ACTS)}")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="use this folder, and keep it")
    given = parser.parse_args()
    if unknown := set(given.acts) - set(ACTS):
        parser.error(f"there is no act {', '.join(unknown)}; there are {', '.join(ACTS)}")
    if given.keep is not None and given.keep.exists() and any(given.keep.iterdir()):
        parser.error(f"{given.keep} is not empty")
    return given


def _end(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _end)
    sys.exit(main())
