"""The flat register of the law: one row for each row of a value, and one for each control, with its source.

A spreadsheet or another program can read it without knowing packs. A value without a figure has one row that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.language.dated_values import DatedValue
from rules.language.pack_schema import ControlDeclaration
from rules.proving.catalogue import CatalogueEntry
from rules.proving.catalogue_views import NOT_SET
from rules.values.citation import Citation
from rules.values.money import Money


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row of a value, or a control: days in force, figure or requirement, and source.

    `pence` and `vat` are given for amounts alone; `severity`, `gates` and `governed_by` for controls alone.
    """

    pack: str
    kind: str
    id: str
    label: str
    choices: str = ""
    figure: str = ""
    pence: int | None = None
    vat: str = ""
    operator: str = ""
    first: date | None = None
    last: date | None = None
    severity: str = ""
    gates: str = ""
    governed_by: str = ""
    citation: Citation | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the form that other programs read; it is also one row of the CSV."""
        cited = self.citation
        return {
            "pack": self.pack,
            "kind": self.kind,
            "id": self.id,
            "label": self.label,
            "for": self.choices,
            "figure": self.figure,
            "pence": self.pence,
            "vat": self.vat,
            "operator": self.operator,
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            "severity": self.severity,
            "gates": self.gates,
            "governed_by": self.governed_by,
            "source_kind": (cited.kind or "") if cited else "",
            "instrument": cited.instrument if cited else "",
            "provision": cited.provision if cited else "",
            "link": cited.link if cited else "",
            "basis": cited.checked_by if cited else "",
            "signed_by": cited.signed_off.by if cited and cited.signed_off else "",
            "signed_on": cited.signed_off.on.isoformat() if cited and cited.signed_off else None,
            "note": cited.note if cited else "",
        }


REGISTER_HEADS = (
    "Pack", "Kind", "Id", "Label", "For", "Figure", "Pence", "VAT", "Operator", "From", "To", "Severity", "Gates",
    "Governed by", "Source kind", "Instrument", "Provision", "Link", "Basis", "Signed by",
    "Signed on", "Note",
)  # fmt: skip


def make_register(entries: Iterable[CatalogueEntry]) -> Iterator[RegisterRow]:
    """Yield the rows of the register, in the order of the entries."""
    for entry in entries:
        if isinstance(entry.declaration, DatedValue):
            yield from _value_rows(entry, entry.declaration)
        else:
            yield _control_row(entry, entry.declaration)


def _value_rows(entry: CatalogueEntry, value: DatedValue) -> Iterator[RegisterRow]:
    if not value.history:
        yield RegisterRow(entry.pack, entry.kind, entry.id, entry.label, figure=NOT_SET)
    for row in value.history:
        amount = row.figure if isinstance(row.figure, Money) else None
        yield RegisterRow(
            entry.pack,
            entry.kind,
            entry.id,
            entry.label,
            choices=", ".join(f"{fact}={choice}" for fact, choice in row.choices.items()),
            figure=value.format_figure(row.figure),
            pence=amount.pence if amount else None,
            vat=amount.vat.code if amount else "",
            operator=(row.operator or "").replace("_", " "),
            first=row.first,
            last=row.last,
            citation=row.citation,
        )


def _control_row(entry: CatalogueEntry, control: ControlDeclaration) -> RegisterRow:
    return RegisterRow(
        entry.pack,
        entry.kind,
        entry.id,
        entry.label,
        first=control.in_force.first,
        last=control.in_force.last,
        severity=control.severity,
        gates=", ".join(control.gates),
        governed_by=control.governed_by,
        citation=control.citation,
    )
