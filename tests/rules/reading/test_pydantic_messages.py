"""Pydantic's errors are described in plain words."""

from __future__ import annotations

import json
import re

import pytest

from rules.language.pack_schema import Pack
from rules.packs.document_schema import DocumentTemplate
from rules.packs.scheme_schema import SchemeDeclaration
from rules.reading.pydantic_messages import PATTERN_MESSAGES
from rules.reading.yaml_reader import read_yaml

WRONG = """\
pack: [a]
title: Ab
values:
  a.b:
    kind: muny
    label: 5
    history:
      - {from: soon, is: 1, operator: 7, citation: x}
      - 5
  c.d: {kind: money, label: Sum, history: 1}
facts:
  x: {kind: count, label: C, choices: [1]}
controls:
  q.r: {gates: [], requirement: short, requires: {known: x}, in_force: {from: 2018-01-01}, surplus: 1}
"""


def faults_of(text: str, model: type[Pack | SchemeDeclaration]) -> set[str]:
    source = read_yaml(text, "a.yaml")
    return {str(fault) for fault in source.validate(model)[1]}


def test_the_faults_of_a_pack_are_described_in_plain_words() -> None:
    assert faults_of(WRONG, Pack) >= {
        "a.yaml:1: pack: must be text; quote it if it looks like something else",
        "a.yaml:2: title: must have at least 3 characters",
        "a.yaml:5: values.a.b.kind: must be 'money', 'count', 'flag', 'day' or 'choice'",
        "a.yaml:6: values.a.b.label: must be text; quote it if it looks like something else",
        "a.yaml:8: values.a.b.history.0.from: must be a day such as 2018-04-16, written without quotes",
        "a.yaml:8: values.a.b.history.0.operator: must be 'at_least' or 'more_than'",
        "a.yaml:8: values.a.b.history.0.citation: must be a mapping of keys to values",
        "a.yaml:9: values.a.b.history.1: must be a mapping of keys to values",
        "a.yaml:10: values.c.d.history: must be a list",
        "a.yaml:12: facts.x.choices: must be a mapping of keys to values",
        "a.yaml:12: facts.x.label: must have at least 2 characters",
        "a.yaml:14: controls.q.r.gates: must have at least 1; it has 0",
        "a.yaml:14: controls.q.r.cure: is missing",
        "a.yaml:14: controls.q.r.surplus: is not a known key",
    }


@pytest.mark.parametrize("model", [Pack, SchemeDeclaration])
def test_no_message_has_a_programmers_word(model: type[Pack | SchemeDeclaration]) -> None:
    wrong_texts = ("stages: 1\nactions: {Submit: 1}\nroles: {}\nscheme: A\nnumbering: {case: x}\n", WRONG)
    messages = " ".join(faults_of(wrong_texts[model is Pack], model))
    assert not re.search(r"input|should|string|dictionary|instance|tuple|valid|pattern|\^", messages), messages


@pytest.mark.parametrize("model", [Pack, SchemeDeclaration, DocumentTemplate])
def test_every_pattern_of_a_declaration_has_words(model: type[Pack]) -> None:
    schema = json.dumps(model.model_json_schema())
    written = re.findall(r'"pattern(?:": |Properties": \{)"((?:[^"\\]|\\.)*)"', schema)
    patterns = {json.loads(f'"{pattern}"') for pattern in written}
    assert patterns
    assert patterns <= PATTERN_MESSAGES.keys()
