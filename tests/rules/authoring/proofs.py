"""The faults of one scheme, as `assent scheme check NAME` finds them."""

from __future__ import annotations

from collections.abc import Sequence

from decisions.proving.walk_proof import prove_walks
from rules.errors import Fault, PackError
from rules.packs.library import Library
from rules.proving.scheme_proof import prove_schemes


def proof_faults(library: Library, name: str) -> Sequence[Fault]:
    """Return every fault of the packs and the proof of one scheme; nothing in it may be left unproved."""
    try:
        report = prove_schemes(library, [name], prove_walks=prove_walks)
    except PackError as error:
        return error.faults
    assert report.proofs[name].unproved_names == ()
    return ()
