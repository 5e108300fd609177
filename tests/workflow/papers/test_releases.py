"""Releases of procurement notices state facts by the forms and tables of the law pack, and nothing else."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language.record_forms import CodeTable
from rules.values.citation import Citation
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.workflow.papers.readers import papers_among, read_all, release, unread_among
from workflow.papers.law_papers import LawPaper
from workflow.papers.reading import NamedPaper
from workflow.papers.releases import translate, values_at

TENDER = release()["tender"]


def read_release(data: dict[str, Any]) -> NamedPaper:
    results = read_all(json.dumps(data).encode(), "json")
    assert not unread_among(results), results
    return papers_among(results)[0]


def facts_of(data: dict[str, Any]) -> dict[str, FactValue]:
    paper = read_release(data).paper
    assert isinstance(paper, LawPaper)
    return dict(paper.facts)


def with_tender(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON is of any shape
    return release(tender={**TENDER, **changes})


def test_an_award_on_contracts_finder_states_what_its_form_says() -> None:
    named = read_release(release())
    assert isinstance(named.paper, LawPaper)
    assert (named.name, named.notes, named.paper.source.kind) == ("0001-1", (), "procurement_notice")
    assert named.paper.facts == {
        "title": "Repair of lamps",
        "buyer": "sub_central",
        "estimated_value": Money(4_000_000, Vat.UNSTATED),
        "contract_kind": "goods_services",
        "procurement_route": "quotations",
        "notice.threshold": "below",
        "notice.portal": "contracts_finder",
        "notice.planned": True,
        "notice.awarded_on": date(2024, 5, 1),
        "notice.award_published_on": date(2024, 6, 20),
        "procurement_commenced_on..low": date(2015, 2, 26),
        "procurement_commenced_on..high": date(2024, 4, 30),
    }


def test_a_contract_details_notice_on_find_a_tender_states_its_days() -> None:
    facts = facts_of({
        "ocid": "ocds-h6vhtk-05a1b9", "id": "059703-2025", "date": "2025-09-25T13:44:31+01:00", "tag": ["contract"],
        "tender": {"title": "Air conditioning", "legalBasis": {"id": "2023/54"}, "mainProcurementCategory": "works",
                   "procurementMethodDetails": "Direct award"},
        "parties": [
            {"roles": ["buyer"], "details": {"classifications": [
                {"id": "publicAuthoritySubCentralGovernment", "scheme": "UK_CA_TYPE"}]}},
            {"roles": ["supplier"], "details": {"classifications": [{"id": "publicUndertaking"}]}},
        ],
        "contracts": [{
            "aboveThreshold": False, "dateSigned": "2025-09-24T23:30:00Z",
            "value": {"amount": 174000, "amountGross": 208800, "currency": "GBP"},
            "documents": [{"noticeType": "UK7", "datePublished": "2025-09-25T13:44:31+01:00"}],
        }],
    })  # fmt: skip
    assert facts["estimated_value"] == Money(17_400_000, Vat.EXCLUDED)
    assert (facts["buyer"], facts["contract_kind"], facts["procurement_route"]) == (
        "sub_central",
        "works",
        "direct_award",
    )
    assert (facts["notice.regime"], facts["notice.threshold"]) == ("pa_2023", "below")
    assert facts["notice.signed_on"] == facts["notice.details_published_on"] == date(2025, 9, 25)


def test_a_release_whose_own_name_is_a_mere_number_is_named_by_its_process() -> None:
    process = release()["ocid"]
    assert read_release(release(id="1")).name == f"{process} 1"
    assert read_release(release(id="")).name == process
    assert read_release(release(id="0001-1")).name == "0001-1"


@pytest.mark.parametrize(
    ("changes", "fact", "note"),
    [
        (
            {"procurementMethodDetails": "Other - "},
            "procurement_route",
            "tender.procurementMethodDetails says 'Other - '",
        ),
        ({"value": {"amount": 5, "currency": "EUR"}}, "estimated_value", "tender.value says"),
        ({"mainProcurementCategory": "works"}, "contract_kind", "tender.mainProcurementCategory differ"),
    ],
)
def test_what_is_not_understood_is_noted_and_not_stated(changes: dict[str, Any], fact: str, note: str) -> None:
    named = read_release(with_tender(**changes))
    assert isinstance(named.paper, LawPaper)
    assert fact not in named.paper.facts
    assert any(one.startswith(f"{fact} is not read: ") and note in one for one in named.notes)


@pytest.mark.parametrize("missing", ["value", "classification", "procurementMethodDetails", "tenderPeriod", "title"])
def test_a_release_without_a_place_is_read(missing: str) -> None:
    assert facts_of(release(tender={key: value for key, value in TENDER.items() if key != missing}))


def test_a_release_without_buyer_or_tender_is_read() -> None:
    assert "buyer" not in facts_of(release(buyer=None))
    assert facts_of(release(tender=None, awards=None))["notice.portal"] == "contracts_finder"


def test_several_awards_with_different_days_state_no_day_and_the_sum_of_values() -> None:
    awards = [
        {"date": "2024-05-01", "value": {"amount": 10.5, "currency": "GBP"}},
        {"date": "2024-05-02", "value": {"amount": 20, "currency": "GBP"}},
    ]
    data = release(awards=awards, tender={key: value for key, value in TENDER.items() if key != "value"})
    assert facts_of(data)["estimated_value"] == Money(3_050, Vat.UNSTATED)
    assert "notice.awarded_on" not in facts_of(data)


@pytest.mark.parametrize(
    ("amount", "day", "column"),
    [(5, "2019-02-31", "awards.date"), ("£2,165,00", "2024-05-01", "tender.value"), (-5, "2024-05-01", "tender.value")],
)
def test_what_is_no_day_or_amount_is_named_with_its_place(amount: object, day: str, column: str) -> None:
    data = release(awards=[{"date": day}], tender={**TENDER, "value": {"amount": amount, "currency": "GBP"}})
    (row,) = unread_among(read_all(json.dumps([data]).encode(), "json"))
    assert (row.row, row.column) == (1, column)


def test_a_record_is_its_compiled_release_or_its_only_one() -> None:
    assert facts_of({"ocid": "ocds-b5fd17-0001", "compiledRelease": release(), "releases": []})
    assert facts_of({"ocid": "ocds-b5fd17-0001", "releases": [release()]})
    package = {
        "records": [
            {"ocid": "ocds-b5fd17-0001", "releases": [release(), release()]},
            {"ocid": "ocds-b5fd17-0001", "compiledRelease": release()},
        ]
    }
    results = read_all(json.dumps(package).encode(), "json")
    assert "compile it first" in unread_among(results)[0].reason
    assert len(papers_among(results)) == 1


def test_law_that_is_not_held_and_unknown_publishers_are_named() -> None:
    scottish, unknown = release(ocid="ocds-r6ebe6-1"), release(ocid="ocds-zzzzzz-1")
    reasons = [row.reason for row in unread_among(read_all(json.dumps([scottish, unknown]).encode(), "json"))]
    assert "Public Contracts (Scotland) Regulations 2015" in reasons[0]
    assert reasons[1] == "is a record of no publisher that is known here"


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("a.b", [1, 2, 3]),
        ("a[k=x].b", [1, 2]),
        ("a[k=z].b", []),
        ("[tag=award].c", ["d"]),
        ("[tag=tender].c", []),
        ("c.d.e", []),
        ("missing", []),
    ],
)
def test_a_place_leads_through_lists_and_filters(place: str, values: list[object]) -> None:
    data = {"a": [{"k": "x", "b": [1, 2]}, {"k": "y", "b": 3}, "text"], "c": "d", "tag": ["award", "contract"]}
    assert list(values_at(data, place)) == values


@pytest.mark.parametrize(
    ("match", "text", "choice"),
    [
        ("code", "  OPEN  procedure", "one"),
        ("code", "open procedure (below)", None),
        ("prefix", "4521", "two"),
        ("prefix", "4599", "one"),
        ("prefix", "99", None),
        ("phrase", "The Borough Council of X", "one"),
        ("phrase", "Arts Council England", "two"),
        ("phrase", "Department for Food & Farming, the", "two"),
        ("phrase", "Councillor", None),
        ("phrase", "Council, for the Home Office", None),
    ],
)
def test_codes_mean_what_their_table_says(match: Any, text: str, choice: str | None) -> None:  # noqa: ANN401
    codes = {
        "code": {"Open procedure": "one"},
        "prefix": {"45": "one", "452": "two"},
        "phrase": {
            "Council": "one",
            "Arts Council England": "two",
            "Home Office": "two",
            "Department for Food, and Farming": "two",
        },
    }
    citation = Citation(instrument="A list", provision="1", basis="read")
    assert (
        translate(CodeTable(label="codes", fact="f", match=match, codes=codes[match], citation=citation), text)
        == choice
    )


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(st.sampled_from(["tender", "buyer", "parties", "awards", "contracts", "tag", "id", "date"]), _json)
def test_nothing_at_a_place_stops_the_reader(key: str, value: object) -> None:
    assert read_all(json.dumps(release(**{key: value})).encode(), "json")


@given(st.sampled_from(sorted(TENDER)), _json)
def test_nothing_in_a_tender_stops_the_reader(key: str, value: object) -> None:
    assert read_all(json.dumps(with_tender(**{key: value})).encode(), "json")
