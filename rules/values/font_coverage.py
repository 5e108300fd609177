"""The characters that the fonts of the documents can print.

A character without a glyph is refused when it is typed, not when a document is rendered. `FONT_COVERAGE` is a constant
because this room reads no files; a test compares it with the fonts in `templates/`.
"""

from __future__ import annotations

import re

FONT_COVERAGE = """
20-7e a0-ac ae-24f 2b0-377 37a-37f 384-38a 38c 38e-3a1 3a3-3e1 3f0-52f 1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d
1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2000-200a
2010-2027 2030-205e 2070-2071 2074-208e 2090-209c 20a0-20bf 2100-215f 2184 2189 2190-2195 21d0-21d5 2200-2265 22cd
25a0-25ff 2610-2612 2713-2718 299b 29a0 29a3 29f5 2aee 2bfe 2c60-2c7f fb00-fb06
"""
"""The characters that at least one of the fonts has, as ranges of their numbers in hexadecimal."""


def _character_class(ranges: str) -> str:
    """Return the ranges as a character class of a regular expression, without its brackets."""
    bounds = (written.partition("-") for written in ranges.split())
    return "".join(f"\\U{int(first, 16):08x}-\\U{int(last or first, 16):08x}" for first, _, last in bounds)


_NOT_COVERED = re.compile(f"[^\t\n{_character_class(FONT_COVERAGE)}]")


def find_missing_glyph(text: str) -> int | None:
    """Return the position of the first character without a glyph.

    The result is None if there is none. Tabs and line feeds need no glyph.
    """
    match = _NOT_COVERED.search(text)
    return None if match is None else match.start()
