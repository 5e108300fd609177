"""`assent scheme`: show an authority's stages, actions and rules, and prove them.

Nothing here opens the store: schemes are read from packs alone.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from console import output
from console.files import is_folder
from console.output_formats import CSV, JSON, TABLE
from console.proof_progress import print_proof_warnings
from console.scheme_facts import facts
from console.scheme_new import new
from console.scheme_schema import schema
from console.session import Session, format_option, help_examples, pass_session
from rules.errors import InputError
from rules.values.names import find_meant_name
from rules.values.suggestions import did_you_mean
from rules.values.text import quote

if TYPE_CHECKING:
    from rules.packs.scheme_schema import SchemeDeclaration
    from rules.proving.scheme_proof import ProofReport


_PROOF_HEADS = ("Scheme", "Controls", "Examples", "Walks", "Verdict")
_REVIEW_HEADS = ("Name", "Says", "From", "To", "Citation", "Basis", "Shown", "Example")


@click.group(epilog=help_examples("assent scheme show SCHEME"))
def scheme() -> None:
    """An authority's stages, actions and rules."""


scheme.add_command(facts)
scheme.add_command(new)
scheme.add_command(schema)


@scheme.command("list", epilog=help_examples("assent scheme list"))
@format_option(TABLE, JSON, CSV)
@pass_session
def list_(session: Session, output_format: str) -> None:
    """List the schemes."""
    schemes = [session.library.scheme(name) for name in session.library.schemes()]
    rows = [
        (s.id, s.declaration.short, len(s.declaration.stages), len(s.rulebook.controls), s.declaration.name)
        for s in schemes
    ]
    output.print_rows(("Scheme", "Short", "Stages", "Controls", "Name"), rows, output_format, "schemes")


@scheme.command(
    "show", short_help="Show the stages and actions of SCHEME.", epilog=help_examples("assent scheme show SCHEME")
)
@click.argument("name", metavar="SCHEME")
@format_option(TABLE, JSON)
@pass_session
def show_(session: Session, name: str, output_format: str) -> None:
    """Show the stages and actions of SCHEME: who may do what, through which gate, stating what.

    Below them stand the rules on officers: which roles must be different people in a case, and who appoints.
    """
    from rules.packs.digests import compute_digests

    found = session.library.scheme_as_typed(name)
    digests = compute_digests(session.library.bundle(found.id)).as_json()
    declaration = found.declaration
    if output_format == JSON:
        output.print_json({**found.as_json(), "digests": digests})
        return
    heading = [
        ("scheme", f"{declaration.name} ({declaration.short})"),
        ("about", declaration.about),
        ("from", declaration.citation),
        ("packs", found.rulebook.digest),
        *((f"{aspect} digest", digest) for aspect, digest in digests.items()),
    ]
    click.echo(output.format_pairs(heading))
    click.echo("")
    rows = [
        [
            declaration.stages[stage].label,
            key,
            action.gate,
            ", ".join(action.who),
            declaration.stages[action.to].label if action.to else "–",
            ", ".join(action.asks) or "–",
        ]
        for key, action in declaration.actions.items()
        for stage in action.stages
    ]
    click.echo(output.format_table(("Stage", "Action", "Gate", "Who", "Leads to", "States"), rows))
    if declaration.left_out:
        click.echo("")
        click.echo(output.format_table(("Left out of its packs", "Why"), list(declaration.left_out.items())))
    if rules := _list_officer_rules(declaration):
        click.echo("")
        click.echo(output.format_table(("Rule on officers", "Roles", "From"), rules))


def _list_officer_rules(declaration: SchemeDeclaration) -> list[tuple[str, str, str]]:
    """Return the rules of a scheme on its officers: each with its roles and its source."""
    rules = []
    for apart in declaration.separation.values():
        others = f" apart from {', '.join(apart.others)}" if apart.others else ""
        rules.append((apart.requirement, f"{', '.join(apart.apart)}{others}", str(apart.citation)))
    if appointing := declaration.appointments:
        back = (
            f"more than {output.format_count(appointing.backdating, 'day')} back" if appointing.backdating else "back"
        )
        requirement = f"Appoint officers; {back} only with a reason."
        rules.append((requirement, ", ".join(appointing.who), str(appointing.citation or "–")))
    for control, override in declaration.overrides.items():
        rules.append((f"Override {control}, with a reason.", ", ".join(override.who), str(override.citation)))
    return rules


@scheme.command(
    short_help="Prove every scheme, one of them, or a folder of packs.",
    epilog=help_examples(
        "assent scheme check",
        "assent scheme check SCHEME",
        "assent scheme check SCHEME --review",
        "assent scheme check ./my-packs",
    ),
)
@click.argument("target", metavar="[SCHEME|FOLDER]", required=False)
@click.option("--review", is_flag=True, help="List each figure and way of counting days for a second reader.")
@format_option(TABLE, JSON, CSV)
@pass_session
def check(session: Session, target: str | None, review: bool, output_format: str) -> None:
    """Prove schemes by their worked examples.

    A scheme is sound when its parts fit together, each example comes out as it says, each control is shown satisfied
    and breached, and an example stands on both sides of every boundary that a figure or a day of the law makes. Every
    fault is listed, with file, line and key.

    \b
    Without an argument  every scheme is proved
    SCHEME               that scheme alone
    FOLDER               only what its packs add, set, cite or replace in the
                         shipped schemes, and its own schemes whole; so it is
                         with --packs FOLDER. Write ./NAME for a folder that
                         has the name of a scheme.

    No proof can find a figure that is wrong in its pack and in its examples alike. With --review, a second reader gets
    each figure and each way of counting days, with its source and the examples on both sides, to compare with the law.
    """  # noqa: D301  # the backspace tells click to keep the lines as they are
    report = _prove(session, target)
    if review:
        _print_review(session, report, output_format)
    elif output_format == JSON:
        output.print_json(report.as_json())
    elif output_format == CSV:
        output.print_rows(_PROOF_HEADS, _proof_rows(report), output_format, "schemes")
    else:
        _print_proofs(report)
    print_proof_warnings(report)


def _prove(session: Session, target: str | None) -> ProofReport:
    """Prove the schemes or the folder that were named; raises `InputError` for any other name."""
    from decisions.proving.walk_proof import prove_walks
    from rules.packs.library import Library
    from rules.proving.scheme_proof import prove_changes, prove_schemes

    library = session.library
    if target is None and session.pack_folders:
        return prove_changes(library, Library.load([], session.pack_cache), output.with_progress, prove_walks)
    if target is None:
        return prove_schemes(library, library.schemes(), output.with_progress, prove_walks)
    if "/" not in target and (meant := find_meant_name(target, library.schemes())):
        return prove_schemes(library, [meant], output.with_progress, prove_walks)
    if not target or not is_folder(Path(target)):
        raise InputError(
            f"{quote(target, 120)} is neither a scheme that is known here nor a folder",
            f"{did_you_mean(target, library.schemes())} Or name a folder of packs, such as ./my-packs.".strip(),
        )
    folder = Path(target)
    others = [given for given in session.pack_folders if given.resolve() != folder.resolve()]
    baseline = library if len(others) == len(session.pack_folders) else Library.load(others, session.pack_cache)
    with_folder = Library.load_unchecked([*others, folder], session.pack_cache)
    return prove_changes(with_folder, baseline, output.with_progress, prove_walks)


def _print_proofs(report: ProofReport) -> None:
    """Print a row for each proof, and below them what was not proved."""
    if rows := _proof_rows(report):
        click.echo(output.format_table(_PROOF_HEADS, rows))
    if coverage := report.describe_coverage():
        click.echo(output.format_sentence(coverage))


def _proof_rows(report: ProofReport) -> list[list[str]]:
    proofs = (proof.as_json() for proof in report.proofs.values())
    return [[str(proof[head.lower()]) for head in _PROOF_HEADS] for proof in proofs]


def _print_review(session: Session, report: ProofReport, output_format: str) -> None:
    """Print what a second reader compares with the sources: a line for each example, below what it proves."""
    from rules.proving.second_reading import list_reviewed_items

    items = list_reviewed_items(session.library, report)
    if output_format == JSON:
        output.print_json({"items": [item.as_json() for item in items]})
        return
    rows: list[list[str]] = []
    for item in items:
        own = [item.name, item.says, item.first_day, item.last_day, item.citation, item.basis]
        shown = [[*example] for example in item.examples] or [["", ""]]
        # A spreadsheet sorts and filters lines by themselves; a reader wants each item once.
        rows += [
            [*(own if not place or output_format == CSV else [""] * len(own)), *line]
            for place, line in enumerate(shown)
        ]
    output.print_rows(_REVIEW_HEADS, rows, output_format, "items")


@scheme.command(epilog=help_examples("assent scheme diagram SCHEME > stages.mmd"))
@click.argument("name", metavar="SCHEME")
@format_option(TABLE, JSON)
@pass_session
def diagram(session: Session, name: str, output_format: str) -> None:
    """Print the stages of SCHEME as a Mermaid state diagram."""
    from decisions.documents.stage_diagram import mermaid_diagram

    diagram_text = mermaid_diagram(session.library.scheme_as_typed(name))
    if output_format == JSON:
        output.print_json({"scheme": name, "mermaid": diagram_text})
    else:
        click.echo(diagram_text)
