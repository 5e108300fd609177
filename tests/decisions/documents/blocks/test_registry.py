"""Each kind of block can be rendered in every output format, and each builder belongs to a key of a scheme."""

from __future__ import annotations

from typing import get_args

from decisions.documents.blocks.registry import BLOCK_BUILDERS, BLOCK_KINDS, Block
from decisions.output.html import _template_environment
from decisions.output.word.block_writer import WORD_WRITERS
from rules.packs.document_schema import BlockSpec


def test_every_block_has_a_kind_of_its_own() -> None:
    assert set(BLOCK_KINDS) == set(get_args(Block))
    assert len(set(BLOCK_KINDS.values())) == len(BLOCK_KINDS)


def test_every_kind_has_an_html_macro() -> None:
    macros = vars(_template_environment().get_template("blocks.html").module)
    assert [kind for kind in BLOCK_KINDS.values() if kind not in macros] == []


def test_every_kind_but_notes_has_a_word_writer() -> None:
    assert set(WORD_WRITERS) == set(BLOCK_KINDS.values()) - {"notes"}


def test_every_builder_belongs_to_a_key_of_a_block() -> None:
    assert BLOCK_BUILDERS.keys() <= BlockSpec.model_fields.keys()
