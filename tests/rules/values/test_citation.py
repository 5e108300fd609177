"""Sources of figures and requirements: law or policy, how well they were checked, and their JSON form."""

from datetime import date

import pytest
from pydantic import ValidationError

from rules.language.pack_schema import Pack
from rules.values.citation import Citation, SignOff

SIGNED = SignOff(by="A. Lawyer", on=date(2026, 12, 1))


def citing(**keys: object) -> Citation:
    return Citation.model_validate({"instrument": "The Parks Act", "provision": "s.3(1)", "basis": "read", **keys})


class TestInWords:
    @pytest.mark.parametrize(
        ("keys", "words"),
        [
            ({}, "The Parks Act, s.3(1)"),
            ({"kind": "law"}, "Law: The Parks Act, s.3(1)"),
            ({"kind": "policy"}, "Policy: The Parks Act, s.3(1)"),
            ({"basis": "secondary"}, "The Parks Act, s.3(1) (secondary)"),
            (
                {"basis": "unverified", "signed_off": SIGNED},
                "The Parks Act, s.3(1) (signed off by A. Lawyer on 2026-12-01)",
            ),
        ],
    )
    def test_a_citation_says_its_kind_and_how_it_was_checked(self, keys: dict[str, object], words: str) -> None:
        assert str(citing(**keys)) == words

    @pytest.mark.parametrize("basis", ["read", "secondary", "unverified"])
    def test_a_sign_off_outranks_each_basis(self, basis: str) -> None:
        assert citing(basis=basis).checked_by == basis
        assert citing(basis=basis, signed_off=SIGNED).checked_by == "signed_off"


class TestAsJson:
    def test_the_keys_of_the_contract_stand_beside_the_kind(self) -> None:
        stated = citing(link="https://example.org/3", kind="policy").as_json()
        assert stated == {
            "instrument": "The Parks Act",
            "provision": "s.3(1)",
            "link": "https://example.org/3",
            "basis": "read",
            "kind": "policy",
        }

    def test_a_sign_off_is_told_with_its_day_and_leaves_the_basis(self) -> None:
        stated = citing(basis="secondary", signed_off=SIGNED).as_json()
        assert stated["basis"] == "secondary"
        assert stated["signed_off"] == {"by": "A. Lawyer", "on": "2026-12-01", "note": ""}


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        "keys",
        [
            {"kind": "custom"},
            {"basis": "signed_off"},
            {"signed_off": True},
            {"signed_off": {"by": "A. Lawyer"}},
            {"signed_off": {"by": "A. Lawyer", "on": "2026-12-01", "bar": 5}},
            {"signed_off": {"by": "", "on": date(2026, 12, 1)}},
        ],
    )
    def test_a_kind_or_sign_off_that_is_none_is_refused(self, keys: dict[str, object]) -> None:
        with pytest.raises(ValidationError):
            citing(**keys)


class TestKindOfAPack:
    def control(self, **citation: object) -> dict[str, object]:
        return {
            "requirement": "Say why.",
            "wrong": "Nobody said why.",
            "cure": "Say why it is.",
            "requires": {"reason": {"known": True}},
            "gates": ["submit"],
            "in_force": {"from": date(2018, 1, 1)},
            "citation": {"provision": "s.1", "basis": "read", **citation},
        }

    def kind_of(self, head: dict[str, object], **citation: object) -> str | None:
        pack = Pack.model_validate(
            {"pack": "parks", "title": "The parks", **head, "controls": {"a.b": self.control(**citation)}}
        )
        return pack.controls["a.b"].citation.kind

    def test_a_citation_takes_over_the_kind_of_its_pack(self) -> None:
        assert self.kind_of({"instrument": "The Act", "kind": "law"}) == "law"
        assert self.kind_of({"instrument": "The Act", "kind": "policy"}) == "policy"

    def test_a_citation_that_names_its_instrument_takes_over_the_kind_alone(self) -> None:
        assert self.kind_of({"instrument": "The Act", "kind": "law"}, instrument="Another Act") == "law"
        assert self.kind_of({"kind": "law"}, instrument="Another Act") == "law"

    def test_a_citation_says_its_own_kind_before_that_of_its_pack(self) -> None:
        assert self.kind_of({"instrument": "The Act", "kind": "law"}, kind="policy") == "policy"
        assert self.kind_of({"instrument": "The form", "kind": "policy"}, kind="law") == "law"

    def test_an_older_pack_says_no_kind(self) -> None:
        assert self.kind_of({"instrument": "The Act"}) is None
