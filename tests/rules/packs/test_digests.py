"""A change of packs shows in the digest of what it changes: the law, the flow or the layout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from rules.errors import PackError
from rules.packs.bundle import Bundle
from rules.packs.digests import PLACEMENTS, Aspect, _as_plain, _divide, compute_digests
from rules.packs.language_versions import LANGUAGE_VERSIONS
from rules.values.citation import Declaration
from tests.workflow.walk import shipped_library

RULES, HEAD, FOIA, LIMITS = (
    "schemes/mopac/rules.yaml", "schemes/mopac/scheme.yaml", "law/foia-2000.yaml", "law/procurement-thresholds.yaml",
)  # fmt: skip
DAYS, SHARED = "days/england-and-wales.yaml", "shared/part-2.yaml"
ROOTS = {root for version in LANGUAGE_VERSIONS.values() for root in (version.pack, version.scheme_head)}


def changed_bundle(file: str, old: str, new: str) -> Bundle:
    """The shipped bundle with one thing changed in one of its files."""
    files = dict(shipped_library().bundle("mopac").files)
    text = files[file].decode()
    assert old in text
    return Bundle({**files, file: text.replace(old, new, 1).encode()})


def changed_aspects(file: str, old: str, new: str) -> set[str]:
    shipped = shipped_library().bundle("mopac")
    changed = changed_bundle(file, old, new)
    assert changed.digest != shipped.digest
    return {str(aspect) for aspect in compute_digests(shipped).changed_aspects(compute_digests(changed))}


def declarations_in(annotation: Any) -> Iterator[type[Declaration]]:  # noqa: ANN401 - any annotation of a field
    """The models that the type of a key names."""
    if isinstance(annotation, type) and issubclass(annotation, Declaration):
        yield annotation
    for argument in get_args(annotation):
        yield from declarations_in(argument)


def divided_models() -> Iterator[type[Declaration]]:
    """Every model that is divided key by key, from those of packs and heads downwards."""
    seen: set[type[Declaration]] = set()
    waiting: list[type[Declaration]] = list(ROOTS)
    while waiting:
        model = waiting.pop()
        if model in seen:
            continue
        seen.add(model)
        yield model
        for name, field in model.model_fields.items():
            if not isinstance(PLACEMENTS.get(model, {}).get(field.alias or name), Aspect):
                waiting += declarations_in(field.annotation)


class TestEveryKey:
    def test_each_key_of_a_pack_or_scheme_belongs_to_a_digest(self) -> None:
        for model in divided_models():
            keys = {field.alias or name for name, field in model.model_fields.items()}
            assert PLACEMENTS.get(model, {}).keys() == keys, f"place each key of {model.__name__} in PLACEMENTS"

    def test_no_model_is_placed_that_packs_do_not_use(self) -> None:
        assert set(divided_models()) == set(PLACEMENTS)

    @pytest.mark.parametrize("scheme", ["gla", "lfc", "mopac"])
    def test_nothing_that_a_file_declares_is_left_out(self, scheme: str) -> None:
        parsed = shipped_library().bundle(scheme).parse()
        for declaration in (parsed.declaration, *(file.pack for file in parsed.pack_files)):
            parts = Counter(leaf for part in _divide(declaration).values() for leaf in leaves(part))
            missing = Counter(leaves(_as_plain(declaration))) - parts
            assert not missing


def leaves(plain: object) -> Iterator[object]:
    """The texts, numbers and flags in plain data, and the names of mappings."""
    if isinstance(plain, dict):
        yield from plain
        for inner in plain.values():
            yield from leaves(inner)
    elif isinstance(plain, list):
        for inner in plain:
            yield from leaves(inner)
    else:
        yield plain


LAW_CHANGES = [
    (RULES, "        - title: {known: true}\n", ""),
    (RULES, "gates: [submit, decide]", "gates: [submit]"),
    (RULES, "kind: choice\n    label: Was legal advice taken?", "kind: text\n    label: Was legal advice taken?"),
    (RULES, "count: {of: recommendation, where: {recommendation.body: {is: pib}}}", "count: {of: recommendation}"),
    (RULES, "in_force: {from: 2012-01-16}", "in_force: {from: 2012-01-17}"),
    (RULES, "headings of the decision form, basis: read", "headings of the decision form, basis: secondary"),
    (RULES, "headings of the decision form, basis", "headings of another form, basis"),
    (LIMITS, "£181,302 ex VAT", "£181,303 ex VAT"),
    (HEAD, "is: sub_central", "is: central"),
    (HEAD, "  - vat\n", ""),
]
FLOW_CHANGES = [
    (HEAD, "stage: draft, to: pib,", "stage: draft, to: iab,"),
    (HEAD, "gate: support, who: [iab_chair]", "gate: support, who: [iab_chair, dmpc]"),
    (SHARED, "asks: [exemption.released]", "asks: []"),
    (HEAD, "amend: [author]", "amend: [author, governance]"),
    (HEAD, '"MOPAC-{year}-{number}"', '"M-{year}-{number}"'),
    (HEAD, "deferral_ends: [governance]", "deferral_ends: [author]"),
    (HEAD, "in_force: {from: 2012-01-16}", "in_force: {from: 2012-01-17}"),
]
LAYOUT_CHANGES = [
    (HEAD, "label: Report author", "label: Author of the report"),
    (HEAD, "about: The author writes the paper.", "about: The author drafts the paper."),
    (HEAD, "label: Send the paper to the MPS board", "label: Send the paper to the board"),
    (HEAD, "name: Mayor's Office for Policing And Crime", "name: The Mayor's Office"),
    (HEAD, "The above request has my approval.", "I approve the above request."),
    (HEAD, "  - kind: pib-paper\n", "  - kind: board-paper\n"),
    (HEAD, "note: It is the elected", "note: This office is the elected"),
    (RULES, "wrong: The decision form lacks a section.", "wrong: The form is incomplete."),
    (RULES, "requirement: The form has a title", "requirement: The form needs a title"),
    (RULES, "cure: Write the missing section.", "cure: Write the section."),
    (RULES, "label: Legal comments}", "label: Comments on the law}"),
    (RULES, "not_required: Legal advice is not required", "not_required: No legal advice is required"),
    (RULES, "about: One word for the matter", "about: A single word for the matter"),
    (RULES, "title: What MOPAC's forms", "title: What the forms"),
    (DAYS, "title: England and Wales\n", "title: Wales and England\n"),
]


class TestWhatChanges:
    @pytest.mark.parametrize("change", LAW_CHANGES, ids=lambda change: change[1].strip()[:40])
    def test_a_change_of_law_shows_in_the_digest_of_law_alone(self, change: tuple[str, str, str]) -> None:
        assert changed_aspects(*change) == {"law"}

    @pytest.mark.parametrize("change", FLOW_CHANGES, ids=lambda change: change[1].strip()[:40])
    def test_a_change_of_flow_shows_in_the_digest_of_flow_alone(self, change: tuple[str, str, str]) -> None:
        assert changed_aspects(*change) == {"flow"}

    @pytest.mark.parametrize("change", LAYOUT_CHANGES, ids=lambda change: change[1].strip()[:40])
    def test_a_change_of_wording_shows_in_the_digest_of_layout_alone(self, change: tuple[str, str, str]) -> None:
        assert changed_aspects(*change) == {"layout"}

    def test_a_new_role_changes_flow_and_layout(self) -> None:
        role = "  auditor: {label: Auditor}\n"
        assert changed_aspects(HEAD, "  author: {label: Report author", f"{role}  author: {{label: Report author") == {
            "flow",
            "layout",
        }

    def test_a_day_off_is_law_and_its_name_is_layout(self) -> None:
        assert changed_aspects(DAYS, "day: 2018-03-30", "day: 2018-03-29") == {"law", "layout"}

    def test_the_order_of_stages_is_flow(self) -> None:
        published, closed = (
            "  published: {label: Published, last: true}\n",
            "  closed: {label: Closed without a decision, last: true}\n",
        )
        assert changed_aspects(HEAD, published + closed, closed + published) == {"flow"}

    def test_the_order_of_facts_changes_nothing(self) -> None:
        legal = "  form.legal: {kind: text, label: Legal comments}\n"
        equality = "  form.equality: {kind: text, label: Equality comments}\n"
        assert changed_aspects(RULES, legal + equality, equality + legal) == set()

    @pytest.mark.parametrize(
        ("file", "old", "new"),
        [
            (RULES, "\nfacts:\n", "\n# A comment.\nfacts:\n"),
            (HEAD, "author: {label: Report author, about: ", 'author: {label: "Report author", about: '),
            (HEAD, "draft: {label: Draft, about", "draft: {last: false, label: Draft, about"),
        ],
        ids=["comment", "quotes", "default"],
    )
    def test_what_means_the_same_changes_no_digest(self, file: str, old: str, new: str) -> None:
        assert changed_aspects(file, old, new) == set()


def test_the_digests_are_those_of_the_shipped_packs_and_differ_from_each_other() -> None:
    digests = compute_digests(shipped_library().bundle("mopac"))
    assert len(set(digests.as_json().values())) == 3
    assert all(len(digest) == 64 for digest in digests.as_json().values())
    assert list(digests.as_json()) == ["law", "flow", "layout"]


class TestLanguageVersions:
    @pytest.mark.parametrize("version", ["3", "0", "true", '"1"', "[1]"])
    @pytest.mark.parametrize(("file", "key"), [(RULES, "pack: mopac-rules\n"), (HEAD, "scheme: mopac\n")])
    def test_a_version_that_is_not_read_is_refused_with_file_and_line(self, file: str, key: str, version: str) -> None:
        with pytest.raises(PackError) as error:
            changed_bundle(file, f"language: 2\n{key}", f"language: {version}\n{key}").scheme()
        [fault] = [fault for fault in error.value.faults if fault.key == "language"]
        assert (fault.file, fault.message) == (
            file, "must be a version of the pack language that this assent reads: 1, 2",
        )  # fmt: skip

    def test_a_file_that_states_no_version_is_read_as_the_first(self) -> None:
        stated = changed_bundle(RULES, "language: 2\npack: mopac-rules\n", "language: 1\npack: mopac-rules\n")
        unstated = changed_bundle(RULES, "language: 2\npack: mopac-rules\n", "pack: mopac-rules\n")
        assert compute_digests(stated) == compute_digests(unstated)
        assert list(stated.scheme().rulebook.controls) == list(shipped_library().scheme("mopac").rulebook.controls)

    def test_a_bundle_without_its_calendar_is_refused(self) -> None:
        files = {file: data for file, data in shipped_library().bundle("mopac").files.items() if file != DAYS}
        with pytest.raises(PackError, match=r"calendar: days/england-and-wales\.yaml is not there"):
            Bundle(files).scheme()


class TestPapers:
    def test_what_is_the_kind_and_value_of_a_new_paper_changes_no_flow(self) -> None:
        assert changed_aspects(HEAD, "  kind: matter.kind\n  value: estimated_value\n", "") == {"layout"}

    def test_who_opens_a_case_still_does(self) -> None:
        assert changed_aspects(HEAD, "  open: [author]", "  open: [author, governance]") == {"flow"}
