"""`assent document`: decision documents from the record, and where a file comes from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from decisions.console import show
from decisions.console.session import CSV, JSON, TABLE, Session, WholeNumber, reads, writes
from rules.errors import InputError

if TYPE_CHECKING:
    from workflow.desk import Asked

FORMS = ("pdf", "html")


@click.group()
def document() -> None:
    """Make decision documents, and verify them."""


@document.command("list", epilog="Example: assent document list CASE")
@click.argument("case")
@reads(TABLE, JSON, CSV)
@click.pass_obj
def list_(session: Session, case: str, form: str) -> None:
    """List the documents that CASE can be made into, and which of them were issued."""
    from decisions import issuing

    listed = [
        (form_.kind, form_.part, form_.name, [f"{i.to} of version {i.version}" for i in issued])
        for form_, issued in issuing.available(session.desk, case)
    ]
    show.rows(("Kind", "Part", "Name", "Issued"), listed, form, "documents")


@document.command(epilog="Example: assent document render CASE decision-form --part 1 --to pdf -o decision.pdf")
@click.argument("case")
@click.argument("kind")
@click.option(
    "--part", type=WholeNumber(1, 2), default=1, show_default=True, help="1: for publication. 2: confidential."
)
@click.option("--to", type=click.Choice(FORMS), help="[default: as -o ends, else pdf]")
@click.option("-o", "--output", "path", type=click.Path(dir_okay=False, path_type=Path), help="Where to write it.")
@click.option("--force", is_flag=True, help="Replace what stands there, whatever it is (but never the store).")
@writes(officer_required=False)
@reads(TABLE, JSON)
@click.pass_obj
def render(
    session: Session, case: str, kind: str, part: int, to: str | None, path: Path | None, asked: Asked, form: str,
    *, force: bool,
) -> None:  # fmt: skip
    """Make document KIND of CASE, write it, and record its digest in the ledger.

    A file that is there already is replaced where it is a document of this store.
    """
    from decisions import archive, issuing
    from decisions.pdf import press
    from workflow import desk as at_desk

    wanted = _form_wanted(to, path)
    name = at_desk.public_record(session.desk, case)[0].id
    place = path or Path(f"{name}-{kind}-part-{part}.{wanted}")
    if place.resolve() in session.store.files():
        raise InputError(f"{place} is the store itself", "Choose another place with -o.")
    archive.refuse_taken(place, lambda data: force or issuing.origin(session.desk, data) is not None)
    made, data = issuing.issue(session.desk, case, issuing.Order(kind, part, wanted), asked, press)
    archive.write(place, data)
    show.receipt({**made.as_json(), "path": str(place)}, form)


def _form_wanted(to: str | None, path: Path | None) -> str:
    """What a document is to be made as: as --to says, else as the name ends, else PDF; raises where these differ."""
    suffix = path.suffix.removeprefix(".").lower() if path else ""
    wanted = to or suffix or "pdf"
    if wanted not in FORMS or suffix not in ("", wanted):
        raise InputError(
            f"{path} does not end as a document does that is {to or 'pdf or html'}", "Write .pdf or .html."
        )
    return wanted


@document.command(epilog="Example: assent document verify decision.pdf")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@reads(TABLE, JSON)
@click.pass_obj
def verify(session: Session, file: Path, form: str) -> None:
    """Say which case, version and head FILE belongs to. Leaves with 7 where it was altered or is not of this store."""
    from decisions import archive, issuing

    show.receipt(issuing.verified(session.desk, archive.read(file), file.name).as_json(), form)
