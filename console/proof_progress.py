"""What a proof prints beside its result: warnings about what nothing proves, on standard error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from console import output

if TYPE_CHECKING:
    from rules.proving.scheme_proof import ProofReport


def print_proof_warnings(report: ProofReport) -> None:
    """Warn of packs that no scheme takes, and of what a further folder sets or cites without examples."""
    for file in report.unused_files:
        output.print_warning(f"{file} is taken by no scheme: it was read by itself, and nothing of it is proved")
    for proof in report.proofs.values():
        for warning in proof.warnings:
            output.print_warning(str(warning), proof.name)
        if proof.unproved_names:
            names = ", ".join(proof.unproved_names)
            output.print_warning(f"as a further folder sets or cites it, no example proves {names}", proof.name)
            click.echo(
                "Examples stand beside what they prove, as our-limits.examples.yaml beside our-limits.yaml.", err=True
            )
