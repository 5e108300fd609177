"""Canonical JSON has one spelling for each record, and digests of exempt facts need their salt."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.values.facts import FactValue
from rules.values.money import MAX_PENCE, Money, Vat
from workflow.ledger.canonical_json import (
    MAX_INLINE_TEXT,
    combined_exempt_digest,
    deserialize_facts,
    deserialize_inline_facts,
    exempt_fact_digests,
    long_text_digest,
    serialize_facts,
    serialize_receipt_facts,
    sha256_for,
    to_canonical_json,
)

VALUES: st.SearchStrategy[FactValue] = st.one_of(
    st.builds(Money, st.integers(0, MAX_PENCE), st.sampled_from(Vat)),
    st.dates(),
    st.booleans(),
    st.integers(0, 10**15),
    st.text(st.characters(exclude_categories=["Cs"])),
)
FACTS = st.dictionaries(st.from_regex(r"[a-z]{1,8}", fullmatch=True), VALUES)


@given(FACTS)
def test_facts_survive_a_round_trip_with_their_kind(facts: dict[str, FactValue]) -> None:
    back = deserialize_facts(json.loads(to_canonical_json(serialize_facts(facts))))
    assert back == facts
    assert [type(value) for value in back.values()] == [type(facts[name]) for name in back]


@given(FACTS)
def test_the_order_of_keys_does_not_matter(facts: dict[str, FactValue]) -> None:
    assert to_canonical_json(serialize_facts(facts)) == to_canonical_json(
        serialize_facts(dict(reversed(facts.items())))
    )


@given(FACTS, FACTS)
def test_different_facts_have_different_spellings(one: dict[str, FactValue], other: dict[str, FactValue]) -> None:
    same = one == other and [type(v) for v in one.values()] == [type(other[name]) for name in one]
    assert (to_canonical_json(serialize_facts(one)) == to_canonical_json(serialize_facts(other))) is same


def test_kinds_of_facts_have_different_spellings() -> None:
    spellings = {
        to_canonical_json(serialize_facts({"a": value}))
        for value in (True, 1, "1", "true", date(2018, 4, 16), "2018-04-16")
    }
    assert len(spellings) == 6


def test_the_spelling_has_no_spaces_and_does_not_escape_letters() -> None:
    assert to_canonical_json({"b": "£ – ż", "a": [1, True, None]}) == '{"a":[1,true,null],"b":"£ – ż"}'


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1.5])
def test_a_float_is_no_fact(number: float) -> None:
    with pytest.raises(TypeError, match="is no fact"):
        serialize_facts({"a": number})  # type: ignore[dict-item]


@pytest.mark.parametrize("value", [date(2018, 4, 16), Money(1, Vat.EXCLUDED), {1: "a"}, 2**64])
def test_only_plain_data_is_taken(value: object) -> None:
    with pytest.raises(TypeError):
        to_canonical_json([value])


def test_a_receipt_holds_long_texts_by_digest_and_other_facts_by_value() -> None:
    short, long = "x" * MAX_INLINE_TEXT, "x" * (MAX_INLINE_TEXT + 1)
    assert serialize_receipt_facts({"a": short, "b": True}) == {"a": short, "b": True}
    assert serialize_receipt_facts({"a": long}) == {"a": {"text": long_text_digest(long)}}
    assert long_text_digest(long) != long_text_digest(long + "x")
    with pytest.raises(KeyError):
        deserialize_facts(serialize_receipt_facts({"a": long}))
    assert deserialize_inline_facts(serialize_receipt_facts({"a": long, "b": 1, "c": short})) == {"b": 1, "c": short}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_spelling_of_text_is_that_of_the_standard_library(text: str) -> None:
    spelling = json.dumps({"b": text, "a": [text, 1]}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert to_canonical_json({"b": text, "a": [text, 1]}) == spelling


@pytest.mark.parametrize("plain", [{"a": None}, {"a": [1]}, {"a": 1.5}])
def test_data_that_is_no_fact_is_not_read_back(plain: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        deserialize_facts(plain)


def test_digests_for_different_purposes_differ() -> None:
    assert sha256_for("entry", "x") != sha256_for("exempt", "x")
    assert len(sha256_for("entry", "x")) == 64


def test_the_digest_of_an_exempt_fact_depends_on_salt_name_and_value() -> None:
    digests = {
        exempt_fact_digests({name: value}, salt)[name]
        for salt in ("s", "t")
        for name in ("estimated_value", "contract_kind")
        for value in (Money(1, Vat.EXCLUDED), Money(1, Vat.INCLUDED), "works")
    }
    assert len(digests) == 2 * 2 * 3


def test_the_combined_digest_depends_on_every_fact() -> None:
    facts: dict[str, FactValue] = {"a": 1, "b": "x"}
    others: list[dict[str, FactValue]] = [{"a": 2, "b": "x"}, {"a": 1}, {"a": 1, "c": "x"}, {"a": True, "b": "x"}]
    assert combined_exempt_digest(facts, "s") not in {combined_exempt_digest(other, "s") for other in others}
    assert combined_exempt_digest(facts, "s") != combined_exempt_digest(facts, "t")
