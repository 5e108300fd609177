"""The shipped scheme: its stages, its gates, what it cites, and the real case of April 2018."""

from datetime import date
from itertools import pairwise

import pytest

from rules.errors import NotInForce
from rules.judging.diary import DiaryRule
from rules.judging.rulebook import Control
from rules.language.derived_facts import add_derived_facts
from rules.packs.scheme import Scheme
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from rules.values.money import Money, Vat
from tests.gate_findings import gate_findings
from tests.schemes.conftest import ChangePacks, scheme_citations

CHAIN = ["submit", "pib-support", "iab-support", "declare", "certify", "approve", "publish"]
STAGES = ["draft", "pib", "iab", "declaration", "chief_executive", "dmpc", "publication", "published", "closed"]


class TestChain:
    """From draft through two boards, a declaration and a certificate to the Deputy Mayor, and to publication."""

    def test_the_stages_stand_in_the_order_of_the_chain(self, scheme: Scheme) -> None:
        assert list(scheme.declaration.stages) == STAGES

    def test_each_act_of_the_chain_leads_to_the_stage_of_the_next(self, scheme: Scheme) -> None:
        steps = [scheme.action(name) for name in CHAIN]
        assert [step.to for step in steps[:-1]] == [step.stages[0] for step in steps[1:]]
        assert all(
            scheme.stage_index(here) < scheme.stage_index(there)
            for here, there in pairwise([a.stages[0] for a in steps])
        )

    def test_no_stage_of_the_chain_can_be_skipped(self, scheme: Scheme) -> None:
        actions = scheme.declaration.actions.values()
        forward = {(a.stages[0], a.to) for a in actions if a.to is not None and a.to != "closed"}
        leaps = [(here, to) for here, to in forward if scheme.stage_index(to) - scheme.stage_index(here) > 1]
        assert leaps == []

    @pytest.mark.parametrize("board", ["pib", "iab"])
    def test_a_board_supports_returns_defers_or_rejects(self, scheme: Scheme, board: str) -> None:
        actions = scheme.actions_at(board)
        by_board = {action.outcome for action in actions.values() if "author" not in action.who}
        assert by_board == {"supported", "returned", "deferred", "rejected"}
        assert [name for name, action in actions.items() if "author" in action.who] == (
            ["recall", "withdraw"] if board == "pib" else ["withdraw"]
        )

    def test_only_the_deputy_mayor_decides(self, scheme: Scheme) -> None:
        assert {role for a in scheme.declaration.actions.values() if a.gate == "decide" for role in a.who} == {"dmpc"}


class TestGates:
    @pytest.mark.parametrize(
        "gate",
        ["amend", "certify", "decide", "declare", "publish", "review", "send_back", "submit", "support"],
    )
    def test_every_gate_has_a_control_that_can_shut_it(self, scheme: Scheme, gate: str) -> None:
        assert gate in scheme.rulebook.vocabulary.gates
        assert [c for c in scheme.rulebook.gate_rules(gate).controls if c.declaration.severity == "blocking"]

    def test_every_gate_that_an_action_passes_keeps_the_order_of_the_stages(self, scheme: Scheme) -> None:
        gates = scheme.rulebook.controls["stages.in_order"].declaration.gates
        assert set(gates) == set(scheme.rulebook.vocabulary.gates) - {
            "amend",
            "review",
            "audit",
            "audit_elsewhere",
            "correct",
        }

    @pytest.mark.parametrize("gate", ["submit", "decide", "publish"])
    def test_part_2_is_checked_at_submission_decision_and_publication(self, scheme: Scheme, gate: str) -> None:
        guarding = {control.id for control in scheme.rulebook.gate_rules(gate).controls}
        foia = {name for name in scheme.rulebook.controls if name.startswith("foia.")}
        assert foia - guarding == ({"foia.review_after_decision"} if gate == "submit" else set())


class TestCitations:
    def test_an_unverified_citation_is_printed_as_such(self, scheme: Scheme) -> None:
        unverified = [cited for _, cited in scheme_citations(scheme) if cited.basis == "unverified"]
        assert unverified
        assert all(str(cited).endswith("(unverified)") for cited in unverified)

    def test_the_shared_practice_is_cited_by_its_own_form(self, scheme: Scheme) -> None:
        kinds: list[Control | DiaryRule] = [*scheme.rulebook.controls.values(), *scheme.diary_rules.values()]
        cited = {one.declaration.citation.instrument for one in kinds}
        # Checks that fit a paper of any authority cite the decisions of all of them, MOPAC's among them.
        assert [name for name in cited if "Greater London" in name and "Policing And Crime" not in name] == []
        late = scheme.rulebook.controls["decision.in_time"].declaration.citation
        assert (late.provision, late.basis) == ("Time sensitivity, “A decision is required … by”", "read")
        assert late == scheme.diary_rules["decision_required"].declaration.citation

    @pytest.mark.parametrize(
        ("control", "first"),
        [
            ("decision.reference_assigned", date(2016, 7, 1)),
            ("paper.value_stated", date(2016, 3, 31)),
            ("decision.in_time", date(2012, 1, 16)),
        ],
    )
    def test_a_shared_control_is_in_force_from_the_day_from_which_its_source_is_known(
        self, scheme: Scheme, control: str, first: date
    ) -> None:
        assert scheme.rulebook.controls[control].declaration.in_force.first == first


class TestRealCase:
    """The decision of 16 April 2018 on mobile devices: its papers beside the packs."""

    def test_its_legal_comments_quote_the_threshold_that_the_pack_holds(self, scheme: Scheme) -> None:
        row = scheme.rulebook.law.values["procurement.threshold"].in_force_on(
            "", date(2018, 3, 7), {"buyer": str(scheme.authority_facts["buyer"]), "contract_kind": "goods_services"}
        )
        assert (row.figure, row.operator) == (Money(181_302_00, Vat.EXCLUDED), "at_least")

    def test_the_limit_then_was_500000_pounds_or_above(self, scheme: Scheme) -> None:
        row = scheme.rulebook.law.values["consent.limit"].in_force_on(
            "", date(2018, 4, 16), {"matter.kind": "business_case"}
        )
        assert (row.figure, row.operator) == (Money(500_000_00, Vat.UNSTATED), "at_least")

    def test_no_limit_is_in_force_before_the_first_day_on_which_one_is_known(self, scheme: Scheme) -> None:
        tender = {"matter.kind": "tender"}
        with pytest.raises(NotInForce, match="first in force on 2016-03-31"):
            scheme.rulebook.law.values["consent.limit"].in_force_on("consent.limit", date(2016, 3, 30), tender)

    def test_the_decision_was_needed_by_good_friday_and_signed_ten_working_days_later(self, scheme: Scheme) -> None:
        calendar = scheme.rulebook.law.calendar
        assert calendar.day_off_reason(date(2018, 3, 30)) == "Good Friday"
        assert calendar.working_days_between(date(2018, 3, 30), date(2018, 4, 16)) == 10


UNSET = {
    "claim.limit",
    "virement.limit",
    "write_off.limit",
    "chief_executive.limit",
    "chief_finance_officer.limit",
    "commissioner.limit",
    "director_of_commercial.limit",
}


def who_decides(scheme: Scheme, on: date, facts: dict[str, FactValue]) -> tuple[FactValue | None, FactValue | None]:
    """Who decides a matter on a day, and under which clause, if the limits do not count VAT."""
    usual: dict[str, FactValue] = {
        "act.on": on,
        "matter.novel": False,
        "property.unusual": False,
        "consent.counts_vat": False,
    }
    evidence = Evidence.from_parts({**usual, **facts}, {})
    own = add_derived_facts(evidence, scheme.rulebook.derived_facts, scheme.rulebook.law).case_facts
    return own.get("decision.approver"), own.get("consent.clause")


class TestWhoDecides:
    """PCD 74 of 17 October 2016: all requests to go out to tender of a value of £500,000 or above; before, “exceed”."""

    @pytest.mark.parametrize(
        ("on", "kind", "pounds", "decides", "clause"),
        [
            (date(2016, 10, 16), "tender", 500_000, "delegated", "delegated"),
            (date(2016, 10, 16), "tender", 500_001, "dmpc", "limit"),
            (date(2016, 10, 17), "tender", 500_000, "dmpc", "limit"),
            (date(2016, 10, 17), "tender", 499_999, "delegated", "delegated"),
            (date(2018, 4, 16), "disposal", 1_000_000, "dmpc", "limit"),
            (date(2018, 4, 16), "disposal", 999_999, "delegated", "delegated"),
            (date(2018, 4, 16), "donation", 50_000, "delegated", "delegated"),
            (date(2018, 4, 16), "donation", 50_001, "dmpc", "limit"),
            (date(2018, 4, 16), "direct_award", 1, "dmpc", "kind"),
            (date(2018, 4, 16), "legal_costs", 5_150, "dmpc", "kind"),
            (date(2018, 4, 16), "claim", 10**6, None, None),
            (date(2018, 4, 16), "virement", 10**6, None, None),
            (date(2018, 4, 16), "write_off", 10**6, None, None),
            (date(2012, 1, 16), "tender", 10**6, None, None),
        ],
    )
    def test_who_decides_follows_from_the_kind_the_value_and_the_day(
        self, scheme: Scheme, on: date, kind: str, pounds: int, decides: str | None, clause: str | None
    ) -> None:
        value = Money(pounds * 100, Vat.EXCLUDED)
        assert who_decides(scheme, on, {"matter.kind": kind, "estimated_value": value}) == (decides, clause)

    def test_the_deputy_mayor_decides_novel_matters_at_any_value_or_without_one(self, scheme: Scheme) -> None:
        facts: dict[str, FactValue] = {"matter.kind": "tender", "matter.novel": True}
        assert who_decides(scheme, date(2018, 4, 16), facts) == ("dmpc", "novelty")
        facts["estimated_value"] = Money(1_00, Vat.EXCLUDED)
        assert who_decides(scheme, date(2018, 4, 16), facts) == ("dmpc", "novelty")

    def test_unusual_features_bring_a_property_before_the_deputy_mayor(self, scheme: Scheme) -> None:
        facts: dict[str, FactValue] = {"matter.kind": "disposal", "estimated_value": Money(1_00, Vat.EXCLUDED)}
        assert who_decides(scheme, date(2018, 4, 16), {**facts, "property.unusual": True}) == ("dmpc", "property")

    def test_limits_without_a_source_are_declared_and_not_set(self, scheme: Scheme) -> None:
        assert {name for name, value in scheme.rulebook.law.values.items() if not value.history} == UNSET

    def test_an_authority_that_knows_a_limit_sets_it(self, altered: ChangePacks) -> None:
        """A file of the same name in a folder of its own packs takes the place of the one that is shipped."""
        label = "    label: Level from which the settlement of a claim needs consent\n"
        history = (
            "    history:\n      - from: 2016-10-17\n        is: £30,000 as stated\n        operator: more_than\n"
            "        citation: {provision: paragraph 4.10, basis: read}\n"
        )
        scheme = altered(("schemes/mopac/consent.yaml", label, label + history)).scheme("mopac")
        for pounds, decides in ((30_000, "delegated"), (30_001, "dmpc")):
            facts: dict[str, FactValue] = {
                "matter.kind": "claim", "estimated_value": Money(pounds * 100, Vat.EXCLUDED),
            }  # fmt: skip
            assert who_decides(scheme, date(2018, 4, 16), facts)[0] == decides

    def test_every_kind_of_matter_has_a_limit_or_is_reserved_or_waits_for_its_limit(self, scheme: Scheme) -> None:
        values = scheme.rulebook.law.values
        rows = (*values["consent.limit"].history, *values["consent.at_any_value"].history)
        limited = {row.choices["matter.kind"] for row in rows}
        assert limited | {"claim", "virement", "write_off"} == set(scheme.rulebook.facts["matter.kind"].choices)


class TestLimitsWhoseVatBasisIsNotKnown:
    """No text of the scheme says whether its £500,000 counts VAT: £450,000 without VAT is £540,000 with it."""

    @pytest.mark.parametrize(
        ("pounds", "vat", "decides"),
        [
            (400_000, Vat.EXCLUDED, "delegated"),
            (450_000, Vat.EXCLUDED, None),
            (500_000, Vat.EXCLUDED, "dmpc"),
            (499_999, Vat.INCLUDED, "delegated"),
            (400_000, Vat.UNSTATED, "delegated"),
            (450_000, Vat.UNSTATED, None),
            (500_000, Vat.UNSTATED, "dmpc"),
        ],
    )
    def test_it_is_judged_only_where_the_basis_does_not_matter(
        self, scheme: Scheme, pounds: int, vat: Vat, decides: str | None
    ) -> None:
        own: dict[str, FactValue] = {
            "matter.kind": "tender",
            "estimated_value": Money(pounds * 100, vat),
            "supply.vat": "standard",
        }
        usual = {"act.on": date(2018, 4, 16), "matter.novel": False, "property.unusual": False}
        evidence = Evidence.from_parts({**usual, **own}, {})
        facts = add_derived_facts(evidence, scheme.rulebook.derived_facts, scheme.rulebook.law).case_facts
        assert facts.get("decision.approver") == decides

    @pytest.mark.parametrize(("counts", "decides"), [(True, "dmpc"), (False, "delegated")])
    def test_whoever_knows_the_scheme_settles_it(self, scheme: Scheme, counts: bool, decides: str) -> None:
        facts: dict[str, FactValue] = {
            "matter.kind": "tender",
            "estimated_value": Money(450_000_00, Vat.EXCLUDED),
            "supply.vat": "standard",
            "consent.counts_vat": counts,
        }
        assert who_decides(scheme, date(2018, 4, 16), facts)[0] == decides


class TestInParts:
    """PCD 1587: a contract was taken to £595,270 by the Deputy Mayor, though an officer had begun it.

    What one requirement takes is "total payable, options and renewals included", so that no part escapes by itself.
    """

    PART = Money(300_000_00, Vat.EXCLUDED)

    def facts(self, kind: str, other: int, how: str = "lot") -> dict[str, FactValue]:
        """A matter of £300,000, and the pence of something else that belongs to the same requirement."""
        return {
            "matter.kind": kind,
            "estimated_value": self.PART,
            "contract:rest.kind": how,
            "contract:rest.value": Money(other, Vat.EXCLUDED),
        }

    @pytest.mark.parametrize("kind", ["business_case", "tender", "award", "contract_change"])
    @pytest.mark.parametrize(("other", "decides"), [(200_000_00, "dmpc"), (199_999_99, "delegated")])
    def test_the_whole_decides_to_the_penny(self, scheme: Scheme, kind: str, other: int, decides: str) -> None:
        assert who_decides(scheme, date(2025, 1, 2), self.facts(kind, other))[0] == decides

    @pytest.mark.parametrize("how", ["lot", "option", "renewal", "earlier_award"])
    def test_lots_options_renewals_and_earlier_awards_all_count(self, scheme: Scheme, how: str) -> None:
        assert who_decides(scheme, date(2018, 4, 16), self.facts("tender", 200_000_00, how)) == ("dmpc", "limit")

    @pytest.mark.parametrize("kind", ["disposal", "donation"])
    def test_a_matter_that_is_no_contract_is_valued_by_itself(self, scheme: Scheme, kind: str) -> None:
        small = {"estimated_value": Money(30_000_00, Vat.EXCLUDED)}
        facts = {**self.facts(kind, 2_000_000_00), **small}
        assert who_decides(scheme, date(2018, 4, 16), facts) == ("delegated", "delegated")

    def test_with_a_part_of_unknown_value_only_a_value_at_the_limit_decides(self, scheme: Scheme) -> None:
        facts = self.facts("tender", 1)
        del facts["contract:rest.value"]
        assert who_decides(scheme, date(2018, 4, 16), facts) == (None, None)
        at_the_limit: dict[str, FactValue] = {**facts, "estimated_value": Money(500_000_00, Vat.EXCLUDED)}
        assert who_decides(scheme, date(2018, 4, 16), at_the_limit) == ("dmpc", "limit")

    def test_a_case_split_to_stay_below_the_limit_is_found(self, scheme: Scheme) -> None:
        facts = {"act.on": date(2018, 4, 16), **self.facts("tender", 200_000_00)}
        found = {one.control: one for one in gate_findings(scheme.rulebook, "decide", Evidence.from_parts(facts, {}))}
        finding = found["consent.counted_together"]
        assert (finding.outcome, finding.severity) == ("breached", "warning")
        assert finding.wrong.startswith(
            "This part alone is below the limit for the Deputy Mayor's consent, but with the other parts"
        )
        (seen,) = finding.observed_facts
        assert seen.fact == "estimated_value"
        assert seen.expected == "is at least £500,000 as stated (consent.limit)"
