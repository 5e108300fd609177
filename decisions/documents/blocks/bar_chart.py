"""A bar chart: how many of a number of things, by year or another label. Its numbers stand in a table beside it."""

from __future__ import annotations

from dataclasses import dataclass

_WIDTH, _ROW, _LEFT, _RIGHT = 480, 22, 70, 90
"""The width of the picture, the height of a bar with its gap, and the room for the labels on both sides, in points."""
_INK, _BAR, _WHOLE = "#14181f", "#1d2f5c", "#d5dceb"


@dataclass(frozen=True, slots=True)
class Bar:
    """So many of a number of things."""

    label: str
    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars one below the other; `counted` says what their parts are, such as `cases with breaches`."""

    bars: tuple[Bar, ...]
    counted: str

    @property
    def alt(self) -> str:
        """The picture in words."""
        listed = ", ".join(f"{bar.label}: {bar.part:,} of {bar.whole:,}" for bar in self.bars)
        return f"Bar chart of {self.counted}. {listed}."

    @property
    def svg(self) -> str:
        """The picture as SVG. Labels are numbers of our own and years, so that nothing needs escaping."""
        longest = max(1, *(bar.whole for bar in self.bars))
        room = _WIDTH - _LEFT - _RIGHT
        rows = "".join(
            f'<text x="{_LEFT - 8}" y="{top + 15}" text-anchor="end">{bar.label}</text>'
            f'<rect x="{_LEFT}" y="{top + 3}" width="{room * bar.whole / longest:.1f}" height="16" fill="{_WHOLE}"/>'
            f'<rect x="{_LEFT}" y="{top + 3}" width="{room * bar.part / longest:.1f}" height="16" fill="{_BAR}"/>'
            f'<text x="{_LEFT + room * bar.whole / longest + 8:.1f}" y="{top + 15}">'
            f"{bar.part:,} of {bar.whole:,}</text>"
            for top, bar in ((place * _ROW, bar) for place, bar in enumerate(self.bars))
        )
        height = _ROW * len(self.bars)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
            f'height="{height}" font-family="Noto Sans" font-size="11" fill="{_INK}">{rows}</svg>'
        )

    @property
    def height(self) -> int:
        """The height of the picture, in points."""
        return _ROW * len(self.bars)
