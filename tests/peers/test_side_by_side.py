"""lockwright's column of the table in docs/explanation/side-by-side.md is right in every row."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lockwright_testkit.softhsm import CONF_VARIABLE
from peer_tokens import TOKENS, PeerToken
from peer_tools import PEERS
from side_by_side import PAGE, judge

OURS = PEERS[0]


@pytest.mark.parametrize("token", TOKENS, ids=lambda token: token.name.replace(" ", "-"))
def test_every_fact_is_shown_by_lockwright(
    token: PeerToken, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CONF_VARIABLE, "")
    shown = judge(token, tmp_path, [OURS]).shown[OURS.name]

    assert [fact.sentence for fact in token.facts if fact not in shown] == []


def test_the_page_tells_of_these_tokens_and_facts() -> None:
    rows = re.findall(r"^\| (.+?) \| (.*?) \|", PAGE.read_text("utf-8"), re.MULTILINE)
    facts = [(fact.sentence, "yes") for token in TOKENS for fact in token.facts]

    assert [row for row in rows if row[1] in ("yes", "no")] == facts
    assert [row for row in rows if "of" in row[1] or row[1] == "**right**"] == [
        (token.name, "**right**") for token in TOKENS
    ]
