"""What a proof of schemes covers: each whole, or only what a folder of packs changes in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from rules.errors import Fault, InputError, PackError
from rules.packs.library import Library
from rules.proving.scheme_proof import ProofReport, prove_changes, prove_schemes
from tests.plain_run import only_long

SHIPPED = Library.load([])
HEAD = "schemes/mopac/scheme.yaml"
RULES = "schemes/mopac/rules.yaml"
CONSENT = "schemes/mopac/consent.yaml"
CONSENT_EXAMPLES = "schemes/mopac/consent.examples.yaml"
LIMITS = "schemes/mopac/our-limits.yaml"
CALENDAR = "days/england-and-wales.yaml"
SET_LIMIT = """pack: our-limits
title: Limits of our own scheme
sets:
  claim.limit:
    history:
      - from: 2018-04-01
        is: £10,000 as stated
        operator: more_than
        citation: {instrument: Our scheme of delegation, provision: paragraph 4.10, basis: read}
"""
NEW_CONTROL = """pack: our-rules
title: What we ask beside
instrument: Our own rules
controls:
  ours.title_stated:
    requirement: The paper has a title.
    wrong: The paper has no title.
    cure: State the title.
    requires: {title: {known: true}}
    gates: [submit]
    in_force: {from: 2018-01-01}
    citation: {provision: rule 1, basis: read}
"""
NEW_EXAMPLES = """examples:
  - {name: A paper with a title, on: 2018-04-16, given: {title: A title}, then: {ours.title_stated: satisfied}}
  - {name: A paper without a title, on: 2018-04-16, then: {ours.title_stated: breached}}
  - {name: The first day of the rule, on: 2018-01-01, then: {ours.title_stated: breached}}
  - {name: The day before the rule, on: 2017-12-31, then: {ours.title_stated: not_applicable}}
"""


def with_folder(files: Mapping[str, str]) -> Library:
    """The shipped library with a folder of some files."""
    given = {file: text.encode() for file, text in files.items()}
    extra = {file: 0 if file in SHIPPED.files else 1 for file in files}  # as for a folder given with --packs
    return Library({**SHIPPED.files, **given}, extra_files=extra)


def shipped_text(file: str, old: str = "", new: str = "") -> str:
    """A shipped file with one text, which stands in it once, replaced."""
    text = SHIPPED.files[file].decode()
    assert not old or text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    return text.replace(old, new) if old else text


def own_scheme(name: str = "mayor") -> dict[str, str]:
    """A scheme of another authority: that of the Greater London Authority under another name."""
    files = {file: data.decode() for file, data in SHIPPED.files.items() if file.startswith("schemes/gla/")}
    return {
        file.replace("/gla/", f"/{name}/"): text.replace("\nscheme: gla\n", f"\nscheme: {name}\n")
        for file, text in files.items()
    }


def proof_of(files: Mapping[str, str]) -> ProofReport:
    return prove_changes(with_folder(files), SHIPPED)


def faults_of(prove: Callable[[], ProofReport]) -> set[Fault]:
    try:
        prove()
    except PackError as error:
        return set(error.faults)
    return set()


def names_without(name: str) -> str:
    """The shipped schemes but one, as a report lists them."""
    return ", ".join(other for other in SHIPPED.schemes() if other != name)


class TestOneScheme:
    def test_a_scheme_is_proved_without_the_others(self) -> None:
        report = prove_schemes(SHIPPED, ["lfc"])
        assert list(report.proofs) == ["lfc"]
        assert report.describe_coverage() == f"Proved: lfc. Not proved this time: {names_without('lfc')}."

    def test_its_examples_and_controls_are_counted(self) -> None:
        (proof,) = prove_schemes(SHIPPED, ["lfc"]).as_json()["schemes"]
        controls = len(SHIPPED.scheme("lfc").rulebook.controls)
        files = {file: data for file, data in SHIPPED.example_files("lfc").items() if "walks" not in file}
        examples = sum(len(re.findall(rb"(?m)^  - \{?name:", data)) for data in files.values())
        assert examples > 1000
        assert proof == {
            "scheme": "lfc",
            "controls": controls,
            "examples": examples,
            "walks": 0,
            "verdict": "sound",
            "warnings": [],
        }

    def test_a_name_that_is_no_scheme_is_refused(self) -> None:
        with pytest.raises(InputError) as refused:
            prove_schemes(SHIPPED, ["mopca"])
        assert "Did you mean mopac?" in refused.value.advice()

    @pytest.mark.long
    def test_faults_of_one_scheme_do_not_hide_those_of_the_next(self) -> None:
        files = {
            f"schemes/{name}/scheme.yaml": shipped_text(
                f"schemes/{name}/scheme.yaml", "\n  open: [", "\n  open: [nobody, "
            )
            for name in ("gla", "lfc")
        }
        faults = faults_of(lambda: prove_schemes(with_folder(files), SHIPPED.schemes()))
        assert {fault.file for fault in faults} == set(files)

    def test_where_all_are_proved_whole_there_is_nothing_to_say_about_the_rest(self) -> None:
        assert ProofReport(prove_schemes(SHIPPED, ["lfc"]).proofs).describe_coverage() == ""


class TestAFolder:
    def test_what_it_sets_is_proved_and_the_shipped_rest_is_not_proved_again(self) -> None:
        report = proof_of({LIMITS: SET_LIMIT})
        (proof,) = report.proofs.values()
        assert proof.scope.changes == ("claim.limit",)
        assert proof.scope.controls < SHIPPED.scheme("mopac").rulebook.controls.keys()
        assert 0 < proof.examples.example_count < 200
        assert proof.unproved_names == ("claim.limit",)
        assert report.as_json()["schemes"][0]["changes"] == ["claim.limit"]
        assert report.describe_coverage() == (
            "Proved: what changes in mopac (claim.limit). "
            f"Not proved this time: the rest of mopac, {names_without('mopac')}."
        )

    def test_a_control_that_it_adds_needs_examples(self) -> None:
        faults = faults_of(lambda: proof_of({"schemes/mopac/our-rules.yaml": NEW_CONTROL}))
        assert {(fault.key, fault.message) for fault in faults} == {
            ("ours.title_stated", "no example shows it breached"),
            ("ours.title_stated", "no example shows it satisfied"),
        }

    def test_with_its_examples_the_control_is_proved_alone(self) -> None:
        report = proof_of(
            {"schemes/mopac/our-rules.yaml": NEW_CONTROL, "schemes/mopac/our-rules.examples.yaml": NEW_EXAMPLES}
        )
        (proof,) = report.proofs.values()
        assert proof.scope.controls == {"ours.title_stated"}
        assert proof.examples.example_count == 4

    def test_a_scheme_of_its_own_is_proved_whole_and_alone(self) -> None:
        report = proof_of(own_scheme())
        assert list(report.proofs) == ["mayor"]
        assert report.proofs["mayor"].scope.is_whole
        assert report.not_proved == tuple(SHIPPED.schemes())

    def test_a_scheme_whose_head_it_replaces_is_proved_whole(self) -> None:
        head = shipped_text(HEAD, "\n  open: [author]", "\n  open: [author, chief_executive]")
        report = proof_of({HEAD: head})
        assert [proof.scope.is_whole for proof in report.proofs.values()] == [True]

    @pytest.mark.long
    def test_with_another_calendar_every_scheme_is_proved_whole(self) -> None:
        report = proof_of({CALENDAR: shipped_text(CALENDAR, "day: 2012-04-09, name: ", "day: 2012-04-09, name: An ")})
        assert {name: proof.scope.is_whole for name, proof in report.proofs.items()} == dict.fromkeys(
            SHIPPED.schemes(), True
        )

    def test_files_that_are_the_same_as_those_shipped_change_nothing(self) -> None:
        report = proof_of({file: shipped_text(file) for file in (HEAD, RULES, CONSENT_EXAMPLES)})
        assert report.as_json() == {"schemes": [], "not_proved": SHIPPED.schemes(), "unused_files": []}
        assert report.describe_coverage() == f"Proved: nothing. Not proved this time: {', '.join(SHIPPED.schemes())}."

    def test_a_pack_that_no_scheme_takes_is_named(self) -> None:
        assert proof_of({"law/fees.yaml": "pack: fees\ntitle: Fees\n"}).unused_files == ("law/fees.yaml",)

    def test_a_second_folder_is_measured_against_the_first(self) -> None:
        first = with_folder({LIMITS: SET_LIMIT})
        text = SET_LIMIT.replace("£10,000", "£20,000")
        both = Library({**first.files, LIMITS: text.encode()}, extra_files={LIMITS: 1})
        assert list(prove_changes(both, first).proofs) == ["mopac"]
        assert list(prove_changes(first, first).proofs) == []


Edit = Callable[[str], str]


def swap(old: str, new: str) -> Edit:
    """Replace a text where it first stands."""
    return lambda text: text.replace(old, new, 1)


def without_example(name: str) -> Edit:
    """Take out the example whose name begins so."""

    def edit(text: str) -> str:
        head, _, rest = text.partition(f"  - name: {name}")
        return head + "  - name:" + rest.partition("  - name:")[2]

    return edit


CHANGES: Mapping[str, tuple[str, Edit]] = {
    "a figure a penny higher": (CONSENT, swap("is: £500,000 as stated", "is: £500,000.01 as stated")),
    "a control turned round": (RULES, swap("declaration.finance: {is: true}", "declaration.finance: {is: false}")),
    "a control that is no longer there": (RULES, swap("  declaration.finance_reviewed:", "  declaration.renamed:")),
    "an example beside a boundary left out": (CONSENT_EXAMPLES, without_example("On 30 March 2016 nobody")),
    "an example a day off the boundary": (CONSENT_EXAMPLES, swap("on: 2016-03-30", "on: 2016-03-29")),
    "an outcome that differs": (CONSENT_EXAMPLES, swap("decided_by_dmpc: satisfied", "decided_by_dmpc: breached")),
    "a fact of examples that nobody declares": (CONSENT, swap("  matter.novel:", "  matter.new:")),
}


class TestWhatAFolderChangesIsProvedAsIfTheWholeWere:
    """A scope leaves out nothing in which the proof of the whole scheme would find a fault."""

    @pytest.mark.parametrize("what", [*sorted(CHANGES)[:2], *only_long(*sorted(CHANGES)[2:])])
    def test_it_has_the_faults_of_the_whole(self, what: str) -> None:
        file, edit = CHANGES[what]
        assert edit(shipped_text(file)) != shipped_text(file)
        library = with_folder({file: edit(shipped_text(file))})
        found = faults_of(lambda: prove_changes(library, SHIPPED))
        assert found
        assert found == faults_of(lambda: prove_schemes(library, ["mopac"]))
