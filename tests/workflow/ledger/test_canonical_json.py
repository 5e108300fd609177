"""One spelling for every record, and digests that tell nothing without their salt."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.values.facts import FactValue
from rules.values.money import MAX_PENCE, Money, Vat
from workflow.ledger.canonical_json import (
    LONG_TEXT,
    canonical,
    decode,
    digest,
    digest_of_text,
    encode,
    exempt_digest_of_all,
    exempt_digests,
    held_by_value,
    receipt_of,
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
def test_facts_come_back_as_they_were_with_their_kind(facts: dict[str, FactValue]) -> None:
    back = decode(json.loads(canonical(encode(facts))))
    assert back == facts
    assert [type(value) for value in back.values()] == [type(facts[name]) for name in back]


@given(FACTS)
def test_the_order_of_keys_is_the_same_however_they_were_given(facts: dict[str, FactValue]) -> None:
    assert canonical(encode(facts)) == canonical(encode(dict(reversed(facts.items()))))


@given(FACTS, FACTS)
def test_other_facts_are_spelt_otherwise(one: dict[str, FactValue], other: dict[str, FactValue]) -> None:
    same = one == other and [type(v) for v in one.values()] == [type(other[name]) for name in one]
    assert (canonical(encode(one)) == canonical(encode(other))) is same


def test_a_flag_is_not_a_count_and_a_day_is_not_its_text() -> None:
    spelt = {canonical(encode({"a": value})) for value in (True, 1, "1", "true", date(2018, 4, 16), "2018-04-16")}
    assert len(spelt) == 6


def test_the_spelling_has_no_spaces_and_keeps_letters_as_they_are() -> None:
    assert canonical({"b": "£ – ż", "a": [1, True, None]}) == '{"a":[1,true,null],"b":"£ – ż"}'


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 1.5])
def test_what_is_no_fact_is_not_spelt(number: float) -> None:
    with pytest.raises(TypeError, match="is no fact"):
        encode({"a": number})  # type: ignore[dict-item]


@pytest.mark.parametrize("unplain", [date(2018, 4, 16), Money(1, Vat.EXCLUDED), {1: "a"}, 2**64])
def test_what_is_not_plain_is_not_spelt(unplain: object) -> None:
    with pytest.raises(TypeError):
        canonical([unplain])


def test_a_receipt_holds_a_long_text_by_its_digest_and_all_else_by_value() -> None:
    short, long = "x" * LONG_TEXT, "x" * (LONG_TEXT + 1)
    assert receipt_of({"a": short, "b": True}) == {"a": short, "b": True}
    assert receipt_of({"a": long}) == {"a": {"text": digest_of_text(long)}}
    assert digest_of_text(long) != digest_of_text(long + "x")
    with pytest.raises(KeyError):
        decode(receipt_of({"a": long}))
    assert held_by_value(receipt_of({"a": long, "b": 1, "c": short})) == {"b": 1, "c": short}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_is_spelt_as_the_standard_library_spells_it(text: str) -> None:
    spelt = json.dumps({"b": text, "a": [text, 1]}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert canonical({"b": text, "a": [text, 1]}) == spelt


@pytest.mark.parametrize("plain", [{"a": None}, {"a": [1]}, {"a": 1.5}])
def test_what_is_no_fact_is_not_read_back(plain: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        decode(plain)


def test_a_digest_is_of_its_purpose() -> None:
    assert digest("entry", "x") != digest("exempt", "x")
    assert len(digest("entry", "x")) == 64


def test_the_digest_of_an_exempt_fact_hangs_on_salt_name_and_value() -> None:
    said = {
        exempt_digests({name: value}, salt)[name]
        for salt in ("s", "t")
        for name in ("estimated_value", "contract_kind")
        for value in (Money(1, Vat.EXCLUDED), Money(1, Vat.INCLUDED), "works")
    }
    assert len(said) == 2 * 2 * 3


def test_one_digest_of_all_hangs_on_every_fact() -> None:
    facts: dict[str, FactValue] = {"a": 1, "b": "x"}
    others: list[dict[str, FactValue]] = [{"a": 2, "b": "x"}, {"a": 1}, {"a": 1, "c": "x"}, {"a": True, "b": "x"}]
    assert exempt_digest_of_all(facts, "s") not in {exempt_digest_of_all(other, "s") for other in others}
    assert exempt_digest_of_all(facts, "s") != exempt_digest_of_all(facts, "t")
