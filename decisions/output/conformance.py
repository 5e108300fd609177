"""Whether a PDF is what it claims to be: PDF/A-2a (ISO 19005-2), to be kept, and PDF/UA-1 (ISO 14289-1), for everybody.

It is asked of every PDF before anybody gets it. An answer that cannot be had is a refusal.
"""

from __future__ import annotations

from decisions.errors import DocumentError

PROFILES = {"2a": "PDF/A-2a", "ua1": "PDF/UA-1"}
_MAX_NAMED_CLAUSES = 5
_FAULT_ADVICE = "This is a fault of assent or of its forms, not of the paper: report it. Nothing has been written."


def refuse_nonconforming(data: bytes, document_name: str) -> None:
    """Raise `DocumentError`, naming the clauses, for a PDF that does not keep both standards."""
    unkept = [f"{PROFILES[profile]} {said}" for profile in PROFILES for said in _failed_clauses(data, profile)]
    if unkept:
        more = f", and {len(unkept) - _MAX_NAMED_CLAUSES} more" if len(unkept) > _MAX_NAMED_CLAUSES else ""
        raise DocumentError(
            f"{document_name}: the PDF does not keep {'; '.join(unkept[:_MAX_NAMED_CLAUSES])}{more}", _FAULT_ADVICE
        )


def _failed_clauses(data: bytes, profile: str) -> list[str]:
    """The clauses of a standard that a PDF does not keep, each once, without the words, which can quote it."""
    import page

    try:
        report = page.validate_pdf_bytes(data, profile=profile)
    except page.PageError as error:
        return [f"as far as anybody can tell: it could not be read ({type(error).__name__})"]
    found = list(dict.fromkeys(failure.rule_id for failure in report.failures))
    return found or ([] if report.is_compliant else ["for a reason that was not told"])
