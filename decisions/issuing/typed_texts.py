"""Texts that somebody types for Part 1: do they give away anything of Part 2?

The check of every act (`decisions.safety.publication`) lets single words pass, because ordinary texts share them. A
correction can never be taken back, so each word of Part 2 that stands nowhere else is refused here.

- No message repeats a word of Part 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from decisions.documents.record_views import build_exempt_record, build_public_record
from decisions.output.extraction import TextPiece
from decisions.safety.disclosure import build_exempt_patterns
from rules.errors import InputError
from workflow.services import queries
from workflow.services.commands import Services


def refuse_disclosing_text(
    services: Services, case_id: str, texts: Iterable[str], public_words: Iterable[str] = ()
) -> None:
    """Raise `InputError` if a text for Part 1 gives away something of Part 2 of a case.

    `public_words` are those that the officer confirms as already public: whether they are is not decided here.
    """
    snapshot = queries.load_case_snapshot(services, case_id)
    if not snapshot.exempt_part.facts:
        return
    scheme = services.find_case_scheme(snapshot).scheme
    exempt_record = build_exempt_record(snapshot.case, snapshot.exempt_part, snapshot.head, scheme)
    public_record = build_public_record(snapshot.case, snapshot.head, scheme)
    disclosures = build_exempt_patterns(exempt_record, public_record).find_disclosures(
        TextPiece(_leave_out(text, public_words)) for text in texts
    )
    if disclosures:
        raise InputError(
            f"this would give away {' and '.join(disclosures)}",
            "Nothing was recorded. Say it in words that Part 1 may hold; or correct Part 2 with --set-exempt.",
        )


def _leave_out(text: str, public_words: Iterable[str]) -> str:
    """Return a text without some words; neither capitals nor spaces tell words apart."""
    for words in filter(str.strip, public_words):
        pattern = r"\s+".join(map(re.escape, words.split()))
        text = re.sub(pattern, " ", text, flags=re.IGNORECASE)
    return text
