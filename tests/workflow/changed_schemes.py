"""The shipped packs of one authority, changed as an authority changes its scheme while cases run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from rules.packs.library import Library
from tests.workflow.walk import shipped_library

HEAD, RULES = "schemes/mopac/scheme.yaml", "schemes/mopac/rules.yaml"
OLD_STAGE, NEW_STAGE = "pib", "portfolio"
RENAMED = """
renamed:
  stages: {pib: portfolio}
  roles: {pib_chair: portfolio_chair}
  actions: {pib-support: portfolio-support, pib-return: portfolio-return, pib-defer: portfolio-defer}
  outcomes: {supported: endorsed}
"""


def library_with(changes: Mapping[str, Mapping[str, str]], added: Mapping[str, str] | None = None) -> Library:
    """The shipped packs with texts replaced in some files, each wherever it stands, and texts added at their ends."""
    files = dict(shipped_library().files)
    for file, replaced in changes.items():
        text = files[file].decode()
        for old, new in replaced.items():
            assert old in text, old
            text = text.replace(old, new)
        files[file] = text.encode()
    for file, text in (added or {}).items():
        files[file] += text.encode()
    return Library(files)


@cache
def renamed_board(head: str = RENAMED) -> Library:
    """The first board has another name: its stage, its chair, its actions and its outcome; `head` says how."""
    files = dict(shipped_library().files)
    scheme = files[HEAD].decode().replace("pib_chair", "portfolio_chair").replace("pib-", "portfolio-")
    scheme = re.sub(r"(?<!recommendation.body: {is: )(?<!- body: )\bpib\b", NEW_STAGE, scheme).replace(
        "portfolio-paper", "pib-paper"
    )
    scheme = re.sub(r"\bsupported\b", "endorsed", scheme)
    rules = re.sub(r"\bpib\.(outcome|on)\b", r"portfolio.\1", files[RULES].decode())
    rules = rules.replace("outcome: {is: supported}", "outcome: {is: endorsed}")
    return Library({**files, HEAD: (scheme + head).encode(), RULES: rules.encode()})
