"""The effective formatting of words in a Word file, from the marks of a run and from its styles.

- A property is taken from the run, else its character style, its paragraph style, the style of its table, or the
  defaults of the file; a style that says nothing has what the style that it is based on says.
- A toggle property of styles (ISO/IEC 29500-1, 17.7.3) is on if an odd number of the levels switches it on.
- A colour is judged against what is behind it: the shading of the run, paragraph, cell or table, or the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from decisions.output.word.package import Element, W
from decisions.output.word.reading.colours import WHITE, Colour, Palette, highlight_colour, is_legible
from decisions.output.word.reading.signs import SYMBOL_FONTS
from decisions.output.word.reading.table_styles import WHOLE_TABLE, Properties, TableReader, properties_in
from decisions.output.word.reading.wrappers import is_on

if TYPE_CHECKING:
    from decisions.output.word.reading.opened_package import OpenedPackage

Alike = tuple[str, str, tuple[str, ...], bool]
"""A paragraph's style, its table's style, the parts of the table it is in, and whether the row is hidden."""

_WORD_2010 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_HIDING, _STRIKING = ("vanish", "specVanish", "webHidden"), ("strike", "dstrike")
_TOGGLES = ("vanish", "strike")
_MIN_HALF_POINTS, _MIN_SCALE, _MIN_SHIFT = 9, 33, 3
"""The least size and the least width in percent that can be read, and the least shift that is seen as raised."""
_DEFAULT_HALF_POINTS = 20
_MAX_STYLE_DEPTH = 20
"""The longest chain of styles that are based on each other; a longer one must be a circle."""
_SYMBOL_CHARSET = "02"


@dataclass(frozen=True, slots=True)
class RunFormat:
    """The look of some words, as far as it matters. `shift` is above zero if raised, below zero if lowered."""

    is_hidden: bool = False
    is_struck: bool = False
    is_illegible: bool = False
    is_tiny: bool = False
    shift: int = 0
    symbol_font: str = ""


@dataclass
class StyleSheet:
    """The styles of a file by their ids, its colours and symbol fonts."""

    styles: Mapping[str, Element] = field(default_factory=dict)
    default_styles: Mapping[str, str] = field(default_factory=dict)
    defaults: Properties = field(default_factory=dict)
    palette: Palette = field(default_factory=Palette)
    symbol_fonts: frozenset[str] = SYMBOL_FONTS
    page_colour: Colour = WHITE
    _flattened: dict[tuple[str, str, str], Properties] = field(default_factory=dict)
    _regions: dict[str, frozenset[str]] = field(default_factory=dict)
    _tables: TableReader = field(default_factory=TableReader)
    _cells: dict[Element, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    unformatted_runs: dict[tuple[Alike, Colour], RunFormat] = field(default_factory=dict)
    """How runs without properties of their own look, worked out once for paragraphs that are formatted alike."""

    @classmethod
    def from_package(cls, package: OpenedPackage) -> StyleSheet:
        """Return the styles of a file."""
        root = package.first_related("styles")
        elements = [] if root is None else root.findall(f"{W}style")
        palette = Palette.from_parts(package.first_related("theme"), package.first_related("settings"))
        return cls(
            {style.get(f"{W}styleId", ""): style for style in elements},
            {
                style.get(f"{W}type", ""): style.get(f"{W}styleId", "")
                for style in elements
                if style.get(f"{W}default") in ("1", "true", "on")
            },
            {} if root is None else properties_in(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")),
            palette,
            SYMBOL_FONTS | set(_symbol_fonts(package.first_related("fontTable"))),
            palette.colour(package.main.find(f"{W}background"), "color") or WHITE,
        )

    def ancestry(self, style: str) -> Iterator[str]:
        """Yield a style and the styles that it is based on."""
        for _ in range(_MAX_STYLE_DEPTH):
            if style not in self.styles:
                return
            yield style
            style = child_value(self.styles[style], "basedOn")

    def paragraph_style(self, paragraph: Element) -> str:
        """Return the id of the style of a paragraph."""
        return child_value(paragraph.find(f"{W}pPr"), "pStyle") or self.default_styles.get("paragraph", "")

    def flatten(self, style: str, kind: str, region: str = "") -> Properties:
        """Return the properties of a style, with those that it has from the styles that it is based on.

        `kind` is the element that holds them, such as "rPr"; `region` is a part of a table that has its own.
        """
        key = (style, kind, region)
        if key not in self._flattened:
            properties: dict[str, Element] = {}
            for each in reversed(list(self.ancestry(style))):
                properties |= properties_in(_styled(self.styles[each], kind, region))
            self._flattened[key] = properties
        return self._flattened[key]

    def format_paragraph(self, paragraph: Element) -> ParagraphFormat:
        """Return how the words of a paragraph look where their runs say nothing else."""
        style = self.paragraph_style(paragraph)
        cell = next(paragraph.iterancestors(f"{W}tc"), None)
        table_style, regions = self._table_regions(cell)
        from_table: dict[str, Element] = {}
        for region in regions:
            from_table |= self.flatten(table_style, "rPr", region)
        is_hidden = cell is not None and self._tables.is_hidden_row(cell)
        return ParagraphFormat(
            self,
            (self.flatten(style, "rPr"), from_table),
            paragraph,
            is_in_hidden_row=is_hidden,
            alike=(style, table_style, regions, is_hidden),
        )

    def _table_regions(self, cell: Element | None) -> tuple[str, tuple[str, ...]]:
        """Return the style of the table round a cell, and the parts of the table that the cell is in."""
        if cell is None:
            return "", ()
        if cell not in self._cells:
            style = self._table_style(next(cell.iterancestors(f"{W}tbl"), None))
            self._cells[cell] = style, self._tables.cell_regions(cell, self._styled_regions(style))
        return self._cells[cell]

    def _table_style(self, table: Element | None) -> str:
        stated = None if table is None else self._tables.properties(table).get("tblStyle")
        return ("" if stated is None else stated.get(f"{W}val", "")) or self.default_styles.get("table", "")

    def _styled_regions(self, style: str) -> frozenset[str]:
        """Return the parts of a table that a style formats on their own."""
        if style not in self._regions:
            parts = (part for each in self.ancestry(style) for part in self.styles[each].findall(f"{W}tblStylePr"))
            self._regions[style] = frozenset(str(part.get(f"{W}type", "")) for part in parts)
        return self._regions[style]

    def background_of(self, paragraph: Element) -> Colour:
        """Return the colour behind the words of a paragraph."""
        style = self.paragraph_style(paragraph)
        shadings = [paragraph.find(f"{W}pPr/{W}shd"), self.flatten(style, "pPr").get("shd")]
        for cell in paragraph.iterancestors(f"{W}tc"):
            table_style, regions = self._table_regions(cell)
            table = next(cell.iterancestors(f"{W}tbl"), None)
            shadings.append(self._tables.properties(cell).get("shd"))
            shadings += [self.flatten(table_style, "tcPr", region).get("shd") for region in reversed(regions)]
            shadings += [self._tables.properties(table).get("shd") if table is not None else None]
            shadings += [self.flatten(table_style, "tblPr").get("shd")]
        return next((colour for each in shadings if (colour := self.palette.shading(each))), self.page_colour)


@dataclass(frozen=True)
class ParagraphFormat:
    """The formatting that the runs of one paragraph share: of its style, of its table, and behind its words."""

    sheet: StyleSheet
    levels: tuple[Properties, ...]
    paragraph: Element
    is_in_hidden_row: bool
    alike: Alike
    """What paragraphs share whose runs are formatted alike, save for what is behind them."""

    @cached_property
    def background(self) -> Colour:
        """The colour behind the words."""
        return self.sheet.background_of(self.paragraph)

    @cached_property
    def unformatted_run(self) -> RunFormat:
        """How a run looks that has no properties of its own, as most have."""
        known, key = self.sheet.unformatted_runs, (self.alike, self.background)
        if key not in known:
            known[key] = self._format({})
        return known[key]

    def format_run(self, run: Element) -> RunFormat:
        """Return the effective formatting of a run."""
        own = run.find(f"{W}rPr")
        return self._format(properties_in(own)) if own is not None and len(own) else self.unformatted_run

    def _format(self, own: Properties) -> RunFormat:
        style = own["rStyle"].get(f"{W}val", "") if "rStyle" in own else self.sheet.default_styles.get("character", "")
        reader = _PropertyReader(own, (self.sheet.flatten(style, "rPr"), *self.levels), self.sheet.defaults)
        return RunFormat(
            is_hidden=self.is_in_hidden_row or any(map(reader.is_on, _HIDING)),
            is_struck=any(map(reader.is_on, _STRIKING)),
            is_illegible=self._is_illegible(reader),
            is_tiny=reader.number("sz", _DEFAULT_HALF_POINTS) < _MIN_HALF_POINTS
            or reader.number("w", 100) < _MIN_SCALE,
            shift=reader.shift(),
            symbol_font=next((font for font in reader.fonts() if font.lower() in self.sheet.symbol_fonts), ""),
        )

    def _is_illegible(self, reader: _PropertyReader) -> bool:
        palette = self.sheet.palette
        behind = highlight_colour(reader.first("highlight")) or palette.shading(reader.first("shd")) or self.background
        effect = reader.first("textFill")
        if effect is not None and effect.find(f"{_WORD_2010}noFill") is not None:
            return True
        colour = (palette.text_fill(effect) if effect is not None else None) or palette.colour(reader.first("color"))
        return colour is not None and not is_legible(colour, behind)


@dataclass(frozen=True, slots=True)
class _PropertyReader:
    """Reads the effective properties of a run: its own, those of its styles by level, and the defaults."""

    own: Properties
    levels: Sequence[Properties]
    defaults: Properties

    def first(self, name: str) -> Element | None:
        """Return the property as the nearest level states it."""
        return next((level[name] for level in (self.own, *self.levels, self.defaults) if name in level), None)

    def is_on(self, name: str) -> bool:
        """Whether a property is on: as the run says, else, for a toggle property, by the rule of those."""
        if name in self.own or name not in _TOGGLES:
            return is_on(self.first(name))
        return is_on(self.defaults.get(name)) or sum(is_on(level.get(name)) for level in self.levels) % 2 == 1

    def number(self, name: str, default: int) -> int:
        """Return a property that is a whole number, or the default."""
        element = self.first(name)
        return default if element is None else _parse_number(element.get(f"{W}val", ""), default)

    def shift(self) -> int:
        """Return 1 for raised, -1 for lowered words, else 0."""
        aligned = self.first("vertAlign")
        alignment = "" if aligned is None else aligned.get(f"{W}val", "")
        if alignment in ("superscript", "subscript"):
            return 1 if alignment == "superscript" else -1
        position = self.number("position", 0)
        return 0 if abs(position) < _MIN_SHIFT else (1 if position > 0 else -1)

    def fonts(self) -> Iterator[str]:
        """Yield the fonts of Latin letters; each attribute is inherited on its own."""
        stated = [level["rFonts"] for level in (self.own, *self.levels, self.defaults) if "rFonts" in level]
        for name in ("ascii", "hAnsi"):
            nearest = next((each for each in stated if each.get(f"{W}{name}") or each.get(f"{W}{name}Theme")), None)
            if nearest is not None and not nearest.get(f"{W}{name}Theme"):
                yield nearest.get(f"{W}{name}", "")


def _styled(style: Element, kind: str, region: str) -> Element | None:
    """Return the element of a style that holds properties of one kind, for a part of a table or at large."""
    if region in ("", WHOLE_TABLE) and (at_large := style.find(f"{W}{kind}")) is not None:
        return at_large
    return next(
        (each.find(f"{W}{kind}") for each in style.findall(f"{W}tblStylePr") if each.get(f"{W}type") == region), None
    )


def _symbol_fonts(font_table: Element | None) -> Iterator[str]:
    """Yield the fonts whose letters are signs, by the font table of a file."""
    for font in [] if font_table is None else font_table.findall(f"{W}font"):
        charset = font.find(f"{W}charset")
        if charset is not None and charset.get(f"{W}val", "").zfill(2) == _SYMBOL_CHARSET:
            yield font.get(f"{W}name", "").lower()


def _parse_number(text: str, default: int) -> int:
    """Return a whole number, or a length in points as half points; the default for anything else."""
    number, in_points = text.removesuffix("%").removesuffix("pt"), text.endswith("pt")
    try:
        return round(float(number) * (2 if in_points else 1))
    except (ValueError, OverflowError):
        return default


def child_value(element: Element | None, name: str) -> str:
    """Return the `w:val` of an element's child, or an empty text."""
    child = None if element is None else element.find(f"{W}{name}")
    return "" if child is None else str(child.get(f"{W}val", ""))
