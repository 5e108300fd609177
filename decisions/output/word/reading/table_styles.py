"""Find the parts of a table that a cell is in, such as its first row: a table style formats each on its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from decisions.output.word.package import Element, W
from decisions.output.word.reading.wrappers import is_on

Properties = Mapping[str, Element]
"""Properties of a run, a paragraph, a table, a row or a cell by the name of their element."""
WHOLE_TABLE = "wholeTable"
_LOOK_BITS = {
    "firstRow": 0x0020, "lastRow": 0x0040, "firstColumn": 0x0080, "lastColumn": 0x0100, "noHBand": 0x0200,
    "noVBand": 0x0400,
}  # fmt: skip
_EDGE_REGIONS = {
    "lastCol": ("lastColumn",), "firstCol": ("firstColumn",), "lastRow": ("lastRow",), "firstRow": ("firstRow",),
    "neCell": ("firstRow", "lastColumn"), "nwCell": ("firstRow", "firstColumn"),
    "seCell": ("lastRow", "lastColumn"), "swCell": ("lastRow", "firstColumn"),
}  # fmt: skip
"""The edges of its table at which a cell is in each region, the most telling region last."""


@dataclass
class TableReader:
    """Reads the properties of tables, rows and cells, and where a cell stands, each once.

    A table may have thousands of rows, and to find a child of one element is to walk along all of its children.
    """

    _properties: dict[Element, Properties] = field(default_factory=dict)
    _positions: dict[Element, int] = field(default_factory=dict)

    def properties(self, element: Element) -> Properties:
        """Return the properties of a table, a row or a cell."""
        if element not in self._properties:
            self._properties[element] = properties_in(element.find(f"{element.tag}Pr"))
        return self._properties[element]

    def is_hidden_row(self, cell: Element) -> bool:
        """Whether the row of a cell is hidden."""
        return any(is_on(self.properties(row).get("hidden")) for row in cell.iterancestors(f"{W}tr"))

    def cell_regions(self, cell: Element, styled: Collection[str]) -> tuple[str, ...]:
        """Return the parts of its table that a cell is in, the most telling one last, as a table style orders them.

        `styled` are the parts that the style of the table formats on their own; others do not matter.
        """
        row = next(cell.iterancestors(f"{W}tr"), None)
        table = next(cell.iterancestors(f"{W}tbl"), None)
        if row is None or table is None or not styled:
            return (WHOLE_TABLE,)
        look = _read_look(self.properties(table).get("tblLook"))
        edges = {
            edge
            for edge, element, is_first in (
                ("firstRow", row, True), ("lastRow", row, False),
                ("firstColumn", cell, True), ("lastColumn", cell, False),
            )
            if look[edge] and _is_end(element, preceding=is_first)
        }  # fmt: skip
        bands = []
        if _has_band(look, "noVBand", "Vert", styled) and edges.isdisjoint(("firstColumn", "lastColumn")):
            bands.append(_band(self._position(cell) - look["firstColumn"], "Vert"))
        if _has_band(look, "noHBand", "Horz", styled) and edges.isdisjoint(("firstRow", "lastRow")):
            bands.append(_band(self._position(row) - look["firstRow"], "Horz"))
        return (WHOLE_TABLE, *bands, *(region for region, needed in _EDGE_REGIONS.items() if edges.issuperset(needed)))

    def _position(self, element: Element) -> int:
        """Return how many rows stand before a row, or cells before a cell."""
        if element not in self._positions:
            siblings = element.getparent().iterchildren(element.tag)
            self._positions |= {sibling: position for position, sibling in enumerate(siblings)}
        return self._positions[element]


def properties_in(element: Element | None) -> Properties:
    """Return what an element of properties holds, by name; nothing without one."""
    return {} if element is None else {str(each.tag).rpartition("}")[2]: each for each in element}


def _has_band(look: dict[str, bool], switched_off: str, direction: str, styled: Collection[str]) -> bool:
    return not look[switched_off] and any(each.endswith(direction) for each in styled)


def _read_look(look: Element | None) -> dict[str, bool]:
    if look is None:
        return dict.fromkeys(_LOOK_BITS, False)
    try:
        bits = int(look.get(f"{W}val") or "0", 16)
    except ValueError:
        bits = 0
    return {
        name: bool(bits & bit) if look.get(f"{W}{name}") is None else look.get(f"{W}{name}") in ("1", "true", "on")
        for name, bit in _LOOK_BITS.items()
    }


def _is_end(element: Element, *, preceding: bool = False) -> bool:
    """Whether a row or cell is the last of its kind, or the first."""
    return next(element.itersiblings(element.tag, preceding=preceding), None) is None


def _band(position: int, direction: str) -> str:
    """Return the band of a row or column by how many stand before it: two alternate, and a heading is in neither."""
    return f"band{position % 2 + 1}{direction}"
