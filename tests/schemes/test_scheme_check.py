"""Faults of a scheme, its packs and its examples, each with its file, line and key."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from rules.errors import EngineError, Fault
from rules.judging import durable_adapter, judge
from rules.judging.resolved_control import ResolvedControl
from rules.judging.rulebook import Control
from rules.language.schema_types import Outcome
from rules.packs.library import Library
from rules.proving.examples import run_examples
from rules.proving.scope import SchemeMaterial
from rules.values.facts import Facts
from tests.schemes.conftest import (
    EXAMPLES_FILE,
    FOIA_FILE,
    PRACTICE_FILE,
    RULES_FILE,
    SCHEME_FILE,
    SHARED_FILE,
    THRESHOLDS_FILE,
    ChangePacks,
    TextChange,
    line_number_of,
    only_fault,
    prove_scheme_examples,
    scheme_faults,
)

LAST = "        to: {}\n        for: {{buyer: sub_central, contract_kind: goods_services}}\n"
OF_2018 = LAST.format("2019-12-31")
CYCLE = """derived:
  first.half: {label: First, sum: [second.half]}
  second.half: {label: Second, sum: [first.half]}
"""


class TestPacks:
    @pytest.mark.parametrize(
        ("file", "cited", "key", "owner"),
        [
            (
                FOIA_FILE,
                "        citation: {provision: s.43(1), basis: read}\n",
                "values.foia.basis_of_limb.history.2.citation",
                "        for: {exemption.limb: trade_secret}",
            ),
            (
                RULES_FILE,
                "    citation: {provision: headings of the decision form, basis: read}\n",
                "controls.paper.complete.citation",
                "  paper.complete:",
            ),
        ],
    )
    def test_a_value_or_control_without_a_citation_is_refused(
        self, altered: ChangePacks, file: str, cited: str, key: str, owner: str
    ) -> None:
        library = altered((file, cited, ""))
        fault = only_fault(library)
        assert (fault.file, fault.key, fault.message) == (file, key, "is missing")
        assert abs(fault.line - line_number_of(library, file, owner)) <= 1  # a row begins a line above its choices

    def test_a_control_on_an_undeclared_fact_is_refused(self, altered: ChangePacks) -> None:
        library = altered((RULES_FILE, "declaration.finance: {is: true}", "declaration.finanse: {is: true}"))
        fault = only_fault(library)
        assert fault.file == RULES_FILE
        assert fault.line == line_number_of(library, RULES_FILE, "declaration.finanse:")
        assert fault.key == "controls.declaration.finance_reviewed.requires.declaration.finanse"
        assert fault.message == "declaration.finanse is a fact that nobody declares. Did you mean declaration.finance?"

    def test_an_overlap_of_two_rows_of_a_value_is_refused(self, altered: ChangePacks) -> None:
        fault = only_fault(altered((THRESHOLDS_FILE, OF_2018, LAST.format("2020-01-01"))))
        assert (fault.file, fault.key) == (THRESHOLDS_FILE, "values.procurement.threshold.history.48.from")
        assert fault.message == "overlaps the row from 2018-01-01, or is out of order"

    def test_a_gap_between_two_rows_of_a_value_is_refused(self, altered: ChangePacks) -> None:
        fault = only_fault(altered((THRESHOLDS_FILE, OF_2018, LAST.format("2019-12-30"))))
        assert (fault.file, fault.key) == (THRESHOLDS_FILE, "values.procurement.threshold.history.48.from")
        assert fault.message == "leaves a gap after 2019-12-30"

    def test_a_control_of_the_same_name_in_two_packs_is_refused_in_both(self, altered: ChangePacks) -> None:
        library = altered((RULES_FILE, "  part_2.marked:\n", "  foia.accessible_elsewhere:\n"))
        faults = scheme_faults(library)
        assert [(fault.file, fault.key) for fault in faults] == [
            (FOIA_FILE, "controls.foia.accessible_elsewhere"),
            (RULES_FILE, "controls.foia.accessible_elsewhere"),
        ]
        assert [fault.line for fault in faults] == [
            line_number_of(library, file, "  foia.accessible_elsewhere:") for file in (FOIA_FILE, RULES_FILE)
        ]

    def test_derived_facts_that_rest_on_each_other_are_refused(self, altered: ChangePacks) -> None:
        library = altered((RULES_FILE, "derived:\n", CYCLE))
        fault = only_fault(library)
        assert fault.file == RULES_FILE
        assert fault.line in {
            line_number_of(library, RULES_FILE, f"  {name}.half: {{label") for name in ("first", "second")
        }
        assert fault.key in {"derived.first.half", "derived.second.half"}
        assert fault.message.startswith("rests on itself: ")

    def test_a_control_of_the_case_on_a_fact_of_each_exemption_is_refused(self, altered: ChangePacks) -> None:
        library = altered((RULES_FILE, "declaration.finance: {is: true}", "exemption.section: {known: true}"))
        fault = only_fault(library)
        assert (fault.file, fault.key) == (RULES_FILE, "controls.declaration.finance_reviewed")
        assert fault.line == line_number_of(library, RULES_FILE, "  declaration.finance_reviewed:")
        assert fault.message == "exemption.section is a fact of each exemption, and the control is of each case"


class TestStages:
    def test_a_stage_that_cannot_be_reached_is_refused(self, altered: ChangePacks) -> None:
        limbo = "  limbo: {label: Limbo, last: true}\n"
        library = altered((SCHEME_FILE, "  closed: {label: Closed", f"{limbo}  closed: {{label: Closed"))
        line = line_number_of(library, SCHEME_FILE, "limbo:")
        assert only_fault(library) == Fault(SCHEME_FILE, line, "stages.limbo", "cannot be reached from draft")

    def test_a_stage_that_cannot_be_left_is_refused_and_so_are_stages_that_lead_only_there(
        self, altered: ChangePacks
    ) -> None:
        library = altered((SCHEME_FILE, "published: {label: Published, last: true}", "published: {label: Published}"))
        line = line_number_of(library, SCHEME_FILE, "published: {label")
        assert Fault(SCHEME_FILE, line, "stages.published", "leads to no last stage") in scheme_faults(library)
        assert {fault.key for fault in scheme_faults(library)} == {"stages.publication", "stages.published"}

    def test_a_last_stage_from_which_an_action_leads_on_is_refused(self, altered: ChangePacks) -> None:
        library = altered(
            (
                SCHEME_FILE,
                "publication: {label: Publication, about",
                "publication: {label: Publication, last: true, about",
            )
        )
        assert only_fault(library).message == "is a last stage, but an action leads on from it and reopens nothing"

    def test_an_action_to_an_unknown_stage_is_refused(self, altered: ChangePacks) -> None:
        library = altered(
            (
                SCHEME_FILE,
                "submit: {label: Send the paper to the MPS board, stage: draft, to: pib,",
                "submit: {label: Send the paper to the MPS board, stage: draft, to: pub,",
            )
        )
        fault = next(fault for fault in scheme_faults(library) if fault.key == "actions.submit.to")
        assert fault.line == line_number_of(library, SCHEME_FILE, "to: pub,")
        assert fault.message.startswith("pub is not a stage. Did you mean pib? There are: draft, pib, iab, ")


class TestActions:
    def test_an_action_at_the_gate_of_an_audit_is_refused(self, altered: ChangePacks) -> None:
        old = "{label: Support the case, stage: pib, to: iab, gate: support,"
        faults = scheme_faults(altered((SCHEME_FILE, old, old.replace("support,", "audit,"))))
        assert "actions.pib-support.gate" in [fault.key for fault in faults]

    def test_a_gate_without_a_blocking_control_is_refused(self, altered: ChangePacks) -> None:
        fault = only_fault(
            altered((PRACTICE_FILE, "    gates: [amend]\n", "    severity: warning\n    gates: [amend]\n"))
        )
        assert (fault.file, fault.key) == (SCHEME_FILE, "actions")
        assert fault.line > 1
        assert fault.message == "the gate amend has no blocking control, so it could never be shut"

    @pytest.mark.parametrize(
        ("old", "new", "key"),
        [
            ("gate: certify\n    who: [chief_executive]", "gate: certify\n    who: [chief]", "actions.certify.who"),
            ("  open: [author]", "  open: [chief]", "paper.open"),
        ],
    )
    def test_an_unknown_role_is_refused(self, altered: ChangePacks, old: str, new: str, key: str) -> None:
        library = altered((SCHEME_FILE, old, new))
        fault = only_fault(library)
        assert (fault.line, fault.key) == (line_number_of(library, SCHEME_FILE, "[chief]"), key)
        assert fault.message.startswith("chief is not a role. There are: author, pib_chair, ")

    def test_an_action_that_asks_for_an_undeclared_fact_is_refused(self, altered: ChangePacks) -> None:
        library = altered((SCHEME_FILE, "    asks: [certificate.advice_considered]", "    asks: [certificate.advice]"))
        fault = only_fault(library)
        assert (fault.line, fault.key) == (
            line_number_of(library, SCHEME_FILE, "[certificate.advice]"),
            "actions.certify.asks",
        )

    def test_an_undeclared_fact_cannot_be_given_for_every_case(self, altered: ChangePacks) -> None:
        library = altered((SCHEME_FILE, "\n  buyer:\n", "\n  bidder:\n"))
        line = line_number_of(library, SCHEME_FILE, "  bidder:")
        assert only_fault(library) == Fault(SCHEME_FILE, line, "given.bidder", "is a fact that nobody declares")

    def test_a_document_that_shows_an_undeclared_fact_is_refused(self, altered: ChangePacks) -> None:
        library = altered(
            (
                SCHEME_FILE,
                "- {heading: Contributes to the MOPAC Police & Crime Plan 2017–2021, level: 3, text: report.plan}",
                "- {heading: Contributes to the MOPAC Police & Crime Plan 2017–2021, level: 3, text: report.plans}",
            )
        )
        assert only_fault(library).message == "report.plans is a fact that nobody declares. Did you mean report.plan?"
        assert only_fault(library).line == line_number_of(library, SCHEME_FILE, "report.plans}")


class TestAllAtOnce:
    def test_every_fault_of_the_packs_is_reported(self, altered: ChangePacks) -> None:
        changes: list[TextChange] = [
            (RULES_FILE, "declaration.finance: {is: true}", "declaration.finanse: {is: true}"),
            (PRACTICE_FILE, "interests.recorded: {known: true}", "interests.recorded: {at_least: 1}"),
            (THRESHOLDS_FILE, OF_2018, LAST.format("2020-01-01")),
            (FOIA_FILE, "      exemption.basis: {is: prejudice}", "      exemption.basis: {is: prejudiced}"),
        ]
        faults = scheme_faults(altered(*changes))
        assert len(faults) == 4
        assert {fault.file for fault in faults} == {RULES_FILE, PRACTICE_FILE, THRESHOLDS_FILE, FOIA_FILE}
        assert all(fault.line > 1 and fault.key for fault in faults)

    def test_every_fault_of_the_scheme_is_reported(self, altered: ChangePacks) -> None:
        library = altered(
            (SCHEME_FILE, "  open: [author]", "  open: [chief]"),
            (SCHEME_FILE, "\n  buyer:\n", "\n  bidder:\n"),
            (SCHEME_FILE, "  closed: {label: Closed", "  limbo: {label: Limbo, last: true}\n  closed: {label: Closed"),
            (PRACTICE_FILE, "    gates: [amend]\n", "    severity: warning\n    gates: [amend]\n"),
        )
        assert {fault.key for fault in scheme_faults(library)} == {
            "paper.open",
            "given.bidder",
            "stages.limbo",
            "actions",
        }


class TestGatesAndNames:
    def test_a_gate_without_a_control_on_the_order_of_stages_is_refused(self, altered: ChangePacks) -> None:
        gates = "    gates: [submit, support, send_back, reject, recall, declare, certify, decide, publish, record]\n"
        library = altered((PRACTICE_FILE, gates, gates.replace(", publish", "")))
        assert only_fault(library).message == (
            "at the gate publish no control requires case.stage is {fact: act.stage}, so stages could be skipped"
        )

    def test_a_control_that_guards_no_gate_in_use_is_refused(self, altered: ChangePacks) -> None:
        library = altered((SCHEME_FILE, "    gate: publish\n", "    gate: support\n"))
        messages = {fault.message for fault in scheme_faults(library)}
        advice = "add an action with gate publish, or write `leaves_out: {deferral.over: REASON}`"
        assert f"deferral.over guards no gate that an action passes: {advice}" in messages

    @pytest.mark.parametrize(
        ("text", "instead", "key"),
        [
            ("\n  pib: {label", "\n  pib-board: {label", "stages.pib-board"),
            ("\n  pib: {label", "\n  'PIB board': {label", "stages.PIB board"),
            ("\n  withdraw:\n", "\n  With draw:\n", "actions.With draw"),
            ('case: "MOPAC-{year}-{number}"', 'case: "X-{nonsense}-{number}"', "numbering.case"),
        ],
    )
    def test_a_name_that_facts_or_commands_cannot_have_is_refused(
        self, altered: ChangePacks, text: str, instead: str, key: str
    ) -> None:
        assert key in {
            fault.key.removesuffix(".[key]") for fault in scheme_faults(altered((SCHEME_FILE, text, instead)))
        }

    def test_an_action_with_the_name_of_a_command_on_papers_is_refused(self, altered: ChangePacks) -> None:
        library = altered((SCHEME_FILE, "\n  withdraw:\n", "\n  amend:\n"))
        assert only_fault(library).key == "actions.amend"
        assert only_fault(library).message == "is what is done to papers; choose another name"

    @pytest.mark.parametrize(
        ("text", "instead", "message"),
        [
            ("    dates: [decided_on]", "    dates: [title]", "title is not a day"),
            (
                "    dates: [decided_on]",
                "    dates: [exemption.lapses_on]",
                "exemption.lapses_on is derived from others",
            ),
        ],
    )
    def test_an_act_that_records_or_asks_for_the_wrong_kind_of_fact_is_refused(
        self, altered: ChangePacks, text: str, instead: str, message: str
    ) -> None:
        assert message in {fault.message for fault in scheme_faults(altered((SCHEME_FILE, text, instead)))}


def faults_of_files(library: Library, files: Mapping[str, str]) -> list[Fault]:
    """The faults of some files of examples of one scheme."""
    examples = {file: text.encode() for file, text in files.items()}
    return run_examples(replace(SchemeMaterial.load(library, "mopac"), example_files=examples)).faults


def faults_of_examples(library: Library, text: str) -> list[Fault]:
    """The faults of one file of examples, without those of outcomes that it does not show."""
    faults = faults_of_files(library, {EXAMPLES_FILE: text})
    return [fault for fault in faults if not fault.message.startswith("no example shows")]


def declared_controls(library: Library) -> list[Control]:
    """The controls that packs declare, without those that are generated from the head of the scheme."""
    return [control for control in library.scheme("mopac").rulebook.controls.values() if not control.is_generated]


EXAMPLE = """shared: {declaration.finance: true}
examples:
  - name: The first statement is made
    on: 2018-04-11
    then: {declaration.finance_reviewed: satisfied}
"""


class TestExamples:
    def test_a_sound_example_has_no_fault(self, library: Library) -> None:
        assert faults_of_examples(library, EXAMPLE) == []

    def test_a_control_that_no_example_names_is_a_fault_for_each_outcome(self, library: Library) -> None:
        faults = faults_of_files(library, {EXAMPLES_FILE: EXAMPLE})
        not_named = [fault for fault in faults if fault.key == "declaration.legal_stated"]
        assert [(fault.file, fault.line, fault.message) for fault in not_named] == [
            (EXAMPLES_FILE, 1, "no example shows it breached"),
            (EXAMPLES_FILE, 1, "no example shows it satisfied"),
        ]
        assert Fault(EXAMPLES_FILE, 1, "declaration.finance_reviewed", "no example shows it breached") in faults
        assert len(faults) == 2 * len(declared_controls(library)) - 1

    def test_without_examples_no_control_is_proved(self, library: Library) -> None:
        [fault] = faults_of_files(library, {})
        assert fault.message.startswith("is not there: add it, with examples that show each of these satisfied and")
        assert f"and {len(declared_controls(library)) - 6} more" in fault.message

    def test_both_evaluators_judge_every_control_that_an_example_names(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        judged: list[str] = []

        def recording(controls: tuple[ResolvedControl, ...], facts: Facts) -> dict[str, Outcome]:
            judged.extend(control.id for control in controls)
            return durable_outcomes(controls, facts)

        durable_outcomes = durable_adapter.durable_outcomes
        monkeypatch.setattr(durable_adapter, "durable_outcomes", recording)
        named = prove_scheme_examples(library, "mopac", EXAMPLES_FILE).runs
        assert judged == [expectation.control for run in named for expectation in run.expectations]
        assert len(judged) > 50

    def test_evaluators_that_disagree_about_an_example_stop_the_proof(
        self, library: Library, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(judge, "plain_outcome", lambda *_: "breached")
        with pytest.raises(EngineError, match=r"disagree about declaration\.finance_reviewed of case"):
            faults_of_examples(library, EXAMPLE)

    def test_an_outcome_that_differs_is_a_fault_with_the_facts(self, library: Library) -> None:
        text = EXAMPLE.replace("satisfied", "breached")
        assert faults_of_examples(library, text) == [
            Fault(
                EXAMPLES_FILE,
                5,
                "examples.0.then.declaration.finance_reviewed",
                "is satisfied, not breached (declaration.finance is yes: yes)",
            )
        ]

    def test_an_unknown_control_is_a_fault_with_a_suggestion(self, library: Library) -> None:
        (fault,) = faults_of_examples(library, EXAMPLE.replace("finance_reviewed", "finance_revued"))
        assert fault.line == 5
        assert fault.message.endswith("Did you mean declaration.finance_reviewed?")

    def test_a_control_of_each_exemption_must_be_named_with_its_exemption(self, library: Library) -> None:
        (fault,) = faults_of_examples(library, EXAMPLE.replace("declaration.finance_reviewed:", "foia.section_named:"))
        assert fault.message.startswith("is no control and subject of this example")

    def test_an_undeclared_fact_is_a_fault(self, library: Library) -> None:
        (fault,) = faults_of_examples(
            library, EXAMPLE.replace("declaration.finance: true", "declaration.finances: true")
        )
        assert (fault.line, fault.key) == (1, "shared.declaration.finances")
        assert "Did you mean declaration.finance?" in fault.message

    def test_a_derived_fact_may_not_be_stated(self, library: Library) -> None:
        (fault,) = faults_of_examples(library, EXAMPLE.replace("declaration.finance: true", "part_2.exemptions: 1"))
        assert fault.message == "part_2.exemptions is worked out from other facts; state those"

    def test_a_fact_that_is_not_shared_cannot_be_left_out(self, library: Library) -> None:
        (fault,) = faults_of_examples(library, EXAMPLE + "    without: [declaration.legal]\n")
        assert (fault.line, fault.message) == (6, "declaration.legal is not among the shared facts")

    def test_a_fact_that_is_left_out_is_not_known(self, library: Library) -> None:
        text = EXAMPLE.replace("satisfied", "undetermined") + "    without: [declaration.finance]\n"
        assert faults_of_examples(library, text) == []

    def test_two_examples_of_one_name_are_a_fault(self, library: Library) -> None:
        again = EXAMPLE + EXAMPLE.partition("examples:\n")[2]
        (fault,) = faults_of_examples(library, again)
        assert (fault.line, fault.key) == (6, "examples.1.name")

    def test_a_file_that_cannot_be_read_does_not_hide_the_faults_of_the_others(self, library: Library) -> None:
        files = {"law/a.examples.yaml": "examples: [", EXAMPLES_FILE: EXAMPLE.replace("satisfied", "breached")}
        found = {fault.file for fault in faults_of_files(library, files) if "no example" not in fault.message}
        assert found == set(files)


class TestTheDiary:
    """A scheme declares its days in data; a declaration that cannot work is refused."""

    DAY = "    day: part_2.release_or_review_on\n"
    WHEN = "    when: {part_2.exists: {is: true}}\n"

    @pytest.mark.parametrize(
        ("day", "key", "message"),
        [
            ("deferral.untill", "day", "deferral.untill is a fact that nobody declares. Did you mean deferral.until?"),
            ("deferral.reason", "day", "deferral.reason is not a day"),
            ("exemption.review_on", "of", "is case, but exemption.review_on is a fact of each exemption"),
        ],
    )
    def test_a_fact_that_is_no_day_of_the_subject_is_refused(
        self, altered: ChangePacks, day: str, key: str, message: str
    ) -> None:
        faults = scheme_faults(altered((SCHEME_FILE, self.DAY, f"    day: {day}\n")))
        assert (f"diary.part_2_end_or_review.{key}", message) in [(fault.key, fault.message) for fault in faults]
        assert {fault.file for fault in faults} == {SCHEME_FILE}

    @pytest.mark.parametrize(
        ("when", "message"),
        [
            ("publication.outcom: {known: false}", "publication.outcom is a fact that nobody declares"),
            (
                "exemption.section: {is: s43}",
                "exemption.section is a fact of each exemption",
            ),
            ("estimated_value: {reaches: {value: consent.limit}}", "names a dated value"),
        ],
    )
    def test_a_condition_that_does_not_fit_is_refused(self, altered: ChangePacks, when: str, message: str) -> None:
        fault = only_fault(altered((SCHEME_FILE, self.WHEN, f"    when: {{{when}}}\n")))
        assert fault.key.startswith("diary.part_2_end_or_review")
        assert fault.message.startswith(message)

    def test_a_kind_of_day_that_a_pack_declares_is_refused(self, altered: ChangePacks) -> None:
        library = altered((SCHEME_FILE, "diary:\n  part_2_end_or_review:\n", "diary:\n  part_2_review:\n"))
        assert "is declared more than once" in {fault.message for fault in scheme_faults(library)}

    def test_a_kind_of_day_without_a_proper_name_is_refused(self, altered: ChangePacks) -> None:
        library = altered((SCHEME_FILE, "  part_2_end_or_review:\n", "  Part-2-end:\n"))
        assert any(fault.message.startswith("is not a name such as") for fault in scheme_faults(library))

    def test_an_owner_of_an_unknown_day_is_refused(self, altered: ChangePacks) -> None:
        fault = only_fault(altered((SCHEME_FILE, "  deferral_ends: [governance]", "  deferral_end: [governance]")))
        assert (fault.key, fault.message) == ("owners.deferral_end", "is a kind of day that no diary declares")

    def test_an_owner_with_an_unknown_role_is_refused(self, altered: ChangePacks) -> None:
        fault = only_fault(altered((SCHEME_FILE, "  deferral_ends: [governance]", "  deferral_ends: [governess]")))
        assert fault.key == "owners.deferral_ends"
        assert fault.message.startswith("governess is not a role. Did you mean governance?")


UNDECLARED_REVIEW = "exemption.reviewed is a fact that nobody declares. Did you mean exemption.reviewed_on?"


class TestReviews:
    """A scheme declares the outcomes of reviews; a declaration that cannot work is refused."""

    IN_FULL = "    outcome: released\n    kept_in: exemption.review_outcome\n    dates: exemption.reviewed_on\n"

    @pytest.mark.parametrize(
        ("old", "new", "key", "message"),
        [
            (
                "outcome: released",
                "outcome: burnt",
                "outcome",
                "burnt is not a choice of exemption.review_outcome. There are: extended, released_in_part, released.",
            ),
            (
                "exemption.reviewed_on",
                "exemption.rationale",
                "dates",
                "exemption.rationale is not a day",
            ),
            (
                "exemption.reviewed_on",
                "decided_on",
                "dates",
                "decided_on is a fact of the case, not of each exemption",
            ),
            ("exemption.reviewed_on", "exemption.lapses_on", "dates", "exemption.lapses_on is derived from others"),
            ("exemption.reviewed_on", "exemption.reviewed", "dates", UNDECLARED_REVIEW),
        ],
    )
    def test_an_outcome_that_cannot_be_recorded_is_refused(
        self, altered: ChangePacks, old: str, new: str, key: str, message: str
    ) -> None:
        faults = scheme_faults(altered((SHARED_FILE, self.IN_FULL, self.IN_FULL.replace(old, new))))
        place = (SHARED_FILE, f"reviews.release-in-full.{key}", message)
        assert place in [(fault.file, fault.key, fault.message) for fault in faults]

    def test_a_review_by_an_unknown_role_is_refused(self, altered: ChangePacks) -> None:
        fault = only_fault(altered((SCHEME_FILE, "{reviewer: governance}", "{reviewer: governess}")))
        assert (fault.file, fault.key) == (SCHEME_FILE, "shared.0.roles.reviewer")
        assert fault.message.startswith("governess is not a role. Did you mean governance?")

    def test_a_review_at_the_gate_of_an_audit_is_refused(self, altered: ChangePacks) -> None:
        whole = f"    gate: review\n    who: [reviewer]\n{self.IN_FULL}"
        faults = scheme_faults(altered((SHARED_FILE, whole, whole.replace("gate: review", "gate: audit"))))
        assert "reviews.release-in-full.gate" in {fault.key for fault in faults}

    def test_an_outcome_with_the_name_of_a_command_on_papers_is_refused(self, altered: ChangePacks) -> None:
        fault = only_fault(altered((SHARED_FILE, "  release-in-full:\n", "  amend:\n")))
        assert (fault.key, fault.message) == ("reviews.amend", "is what is done to papers; choose another name")
