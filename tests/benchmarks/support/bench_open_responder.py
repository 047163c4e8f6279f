"""Answers Requests by one Responder, for many operators at once, and prints the seconds.

``bench_open_responder.py CONFIG REQUESTS VENDOR MODEL OPERATORS``; REQUESTS is JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

from lockwright import Responder, Secret
from lockwright.config import load
from lockwright.keys.source import given_key
from lockwright.models import Grounds, KeyForm


def main() -> None:
    """Answer all of them."""
    config, asked, vendor, model, operators = sys.argv[1:]
    requests = json.loads(Path(asked).read_text())
    begun = time.perf_counter()
    made = Responder(load(Path(config)))
    opened = made if hasattr(made, "__enter__") else nullcontext(made)
    with opened as responder, ThreadPoolExecutor(int(operators)) as threads:

        def answer(about: Mapping[str, str]) -> None:
            inquiry = responder.inquire(vendor, model, about["serial"], about["request"]).value
            key = given_key(Secret(about["key"]), KeyForm.HEX)
            responder.check(inquiry)
            responder.respond(inquiry, key, Grounds("anna", ticket="4711")).wipe()

        list(threads.map(answer, requests))
    print(time.perf_counter() - begun)


if __name__ == "__main__":
    main()
