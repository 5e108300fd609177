"""Check that a PDF keeps both standards that it claims: PDF/A-2a for archives, PDF/UA-1 for accessibility.

- PDF/A-2a is ISO 19005-2, PDF/UA-1 is ISO 14289-1.
- Every PDF is checked before it is issued; one that cannot be checked is refused.
- Messages name clauses only, since the validator's own texts can quote the document.
"""

from __future__ import annotations

from decisions.errors import DocumentError

PROFILES = {"2a": "PDF/A-2a", "ua1": "PDF/UA-1"}
_MAX_NAMED_CLAUSES = 5
_FAULT_ADVICE = "This is a fault of assent or of its forms, not of the paper: report it. Nothing has been written."


def refuse_nonconforming(data: bytes, document_name: str) -> None:
    """Raise `DocumentError` with the clauses that a PDF does not keep."""
    failed = [f"{PROFILES[profile]} {clause}" for profile in PROFILES for clause in _failed_clauses(data, profile)]
    if failed:
        more = f", and {len(failed) - _MAX_NAMED_CLAUSES} more" if len(failed) > _MAX_NAMED_CLAUSES else ""
        named = "; ".join(failed[:_MAX_NAMED_CLAUSES])
        raise DocumentError(f"{document_name}: the PDF does not keep {named}{more}", _FAULT_ADVICE)


def _failed_clauses(data: bytes, profile: str) -> list[str]:
    """Return the clauses of a standard that a PDF does not keep, each once."""
    import page

    try:
        report = page.validate_pdf_bytes(data, profile=profile)
    except page.PageError as error:
        return [f"because it could not be read ({type(error).__name__})"]
    clauses = list(dict.fromkeys(failure.rule_id for failure in report.failures))
    return clauses or ([] if report.is_compliant else ["for a reason that the validator does not give"])
