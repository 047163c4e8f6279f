"""Ten odd tokens, listed by lockwright and by four others: who shows what right.

``make peers`` runs it; it writes ``docs/explanation/side-by-side.md``, and ends with 1 if
lockwright does not show everything right.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus_token import CorpusToken
from lockwright_testkit.softhsm import SoftHSM
from peer_facts import Fact
from peer_tokens import TOKENS, PeerToken
from peer_tools import PEERS, Peer

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "side-by-side.md"
_HEAD = """\
# Side by side with other tools

Ten tokens as they are met, each listed by lockwright and by four programs that list tokens, all
after login. `make peers` made this page on {date};
[the tokens](../../tests/peers/support/peer_tokens.py) are a SoftHSM's.

| program | version | command |
|---|---|---|
{programs}

What is right is not a matter of taste: each token has facts, and a program either shows a fact or
does not. It is judged by what it writes, read as a person reads it
([how, for each](../../tests/peers/support/peer_tools.py)): for pkcs11-tool and p11tool, what has
one id is taken for one; certutil's certificate belongs to the key of its nickname or, where `u`
says that it has a key, to the only one. A name counts if its letters can be read, a day in any
form. These programs have other commands, too, that show more of a single object; what is compared
is how far the list goes.

{summary}

## Fact by fact

{facts}
"""


@dataclass(frozen=True)
class Judged:
    """A token, and the facts that each program shows of it."""

    token: PeerToken
    shown: dict[str, Sequence[Fact]]
    """Facts by the program's name."""

    def cell(self, peer: Peer) -> str:
        """``right``, or how many facts are."""
        shown, all_of_them = len(self.shown[peer.name]), len(self.token.facts)
        return "**right**" if shown == all_of_them else f"{shown} of {all_of_them}"


def judge(token: PeerToken, folder: Path, peers: Sequence[Peer] = PEERS) -> Judged:
    """Make a token and list it with each program.

    Args:
        token: the token.
        folder: an empty folder, for it and for what programs need.
        peers: the programs.
    """
    made = SoftHSM(folder)
    os.environ |= made.environment
    made.add_token("Corpus")
    found = CorpusToken(made.module, "")
    token.fill(found)
    shown: dict[str, Sequence[Fact]] = {}
    for peer in peers:
        own = folder / peer.name
        own.mkdir()
        listing = peer.listing(found, own)
        shown[peer.name] = [fact for fact in token.facts if fact.shown(listing)]
    return Judged(token, shown)


def page(judged: Sequence[Judged]) -> str:
    """The page that tells it."""
    programs = (f"| {peer.name} | {peer.version()} | `{peer.command}` |" for peer in PEERS)
    return _HEAD.format(
        date=datetime.now(UTC).date(),
        programs="\n".join(programs),
        summary="\n".join(_summary(judged)),
        facts="\n".join(_facts(judged)),
    )


def _summary(judged: Sequence[Judged]) -> Iterator[str]:
    yield from _header("token")
    for each in judged:
        yield _row(each.token.name, *(each.cell(peer) for peer in PEERS))


def _facts(judged: Sequence[Judged]) -> Iterator[str]:
    yield from _header("fact")
    for each in judged:
        yield _row(f"*{each.token.name}*", *("" for _peer in PEERS))
        for fact in each.token.facts:
            yield _row(
                fact.sentence,
                *("yes" if fact in each.shown[peer.name] else "no" for peer in PEERS),
            )


def _header(first: str) -> Iterator[str]:
    yield _row(first, *(peer.name for peer in PEERS))
    yield _row(*("---" for _column in (first, *PEERS)))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """Judge all and write the page; 1 if lockwright is not right everywhere."""
    judged = []
    for token in TOKENS:
        with TemporaryDirectory() as folder:
            judged.append(judge(token, Path(folder)))
        print(token.name, *(f"  {peer.name}: {judged[-1].cell(peer)}" for peer in PEERS), sep="\n")
    PAGE.write_text(page(judged), "utf-8")
    return int(any(len(each.shown["lockwright"]) < len(each.token.facts) for each in judged))


if __name__ == "__main__":
    sys.exit(main())
