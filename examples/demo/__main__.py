"""Four stories of tokens and a bank, told by running them: ``make demo``.

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
import called
import expired
import full
import wrappers
from lockwright import i18n
from screen import WHOLE
from story import Story
from words import said

ACTS = {"blocked": blocked.tell, "called": called.tell, "full": full.tell, "expired": expired.tell}
MORE = {"wrappers": wrappers.tell}
"""Acts that are told where they are asked for: they install something first."""
_INTERRUPTED = 130


def main() -> int:
    """Tell the acts that were asked for."""
    given = _arguments()
    i18n.use(given.lang)
    folder = given.keep or Path(tempfile.mkdtemp(prefix="lockwright-demo-"))
    folder.mkdir(exist_ok=True)
    try:
        _tell(given, Story(folder.resolve()))
    except AssertionError as error:  # a window that shows something else; the error tells what
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        print(f"\n\n{said('Interrupted')[0]}.")
        return _INTERRUPTED
    finally:
        if given.keep is None:
            shutil.rmtree(folder)
    return 0


def _tell(given: argparse.Namespace, story: Story) -> None:
    began = time.monotonic()
    story.frame(
        "Tokens and their bank",
        "Told on simulated tokens. Every command is a real one; before its $ stands whose computer"
        " it runs on. All happens in a folder of its own, and nothing else is touched.",
    )
    for name in given.acts or ACTS:
        (ACTS | MORE)[name](story)
    if given.keep is None:
        story.frame(
            "All done in {seconds} seconds",
            "The folder of the demo is removed. Now try it yourself: docs/tutorial/first-token.md",
            seconds=round(time.monotonic() - began),
        )
    else:
        tokens = sorted(story.folder.glob("*-token"))
        if not tokens:  # they went with the desk's own demo
            return
        story.frame(
            "All done, and kept",
            "Everything is in {folder}. See one of its tokens with:",
            folder=story.folder,
        )
        name = tokens[0].name.removesuffix("-token")
        token, home = story.folder / f"{name}-token", story.folder / name
        WHOLE.command("$ ", f"LOCKWRIGHT_SIM={token} HOME={home} .venv/bin/lockwright tokens")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="demo", description="Tell what lockwright is for.")
    parser.add_argument("acts", nargs="*", metavar="ACT", help=f"any of {', '.join(ACTS | MORE)}")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="use this folder, and keep it")
    parser.add_argument("--lang", choices=i18n.LANGUAGES, help="the language; the locale's else")
    given = parser.parse_args()
    if unknown := set(given.acts) - set(ACTS | MORE):
        parser.error(f"there is no act {', '.join(unknown)}; there are {', '.join(ACTS | MORE)}")
    if given.keep is not None and given.keep.exists() and any(given.keep.iterdir()):
        parser.error(f"{given.keep} is not empty")
    return given


def _end(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _end)
    sys.exit(main())
