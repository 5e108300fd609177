"""Packs are linked by the names that they declare, and refused as a whole with every fault."""

from datetime import date

import pytest

from rules.errors import PackError
from rules.judging.rulebook import Rulebook
from rules.language.conditions import AllOf, Predicate
from rules.language.pack_schema import Pack
from rules.packs.linker import link_packs
from rules.reading.yaml_reader import read_yaml
from rules.values.citation import Citation
from tests.rules.pack_builders import (
    CALENDAR,
    FACTS_YAML,
    GIVEN_FACTS,
    PACK_HEADER,
    VALUES_YAML,
    control_yaml,
    controls_yaml,
    findings_by_control,
    make_pack_file,
    pack_faults,
    small_rulebook,
)


def rulebook_of(*texts: str) -> Rulebook:
    """The rulebook of some packs, each the text of its file."""
    return link_packs(
        [make_pack_file(text, f"law/{n}.yaml") for n, text in enumerate(texts)], GIVEN_FACTS, CALENDAR, "d"
    )


ROW = "{from: 2018-01-01, is: true, citation: {provision: x, basis: read}}"
REQUIRES = "requires: {urgent: {is: true}}"


def one_fault(text: str) -> tuple[int, str, str]:
    faults = pack_faults(text)
    assert len(faults) == 1, faults
    return faults[0].line, faults[0].key, faults[0].message


class TestSoundPacks:
    def test_a_rulebook_has_the_facts_of_packs_and_of_the_workflow(self) -> None:
        rules = small_rulebook()
        assert rules.facts["act.on"].kind == "day"
        assert rules.facts["value"].kind == "money"

    def test_a_control_applies_on_its_days_in_force(self) -> None:
        rules = small_rulebook(controls_yaml(a_b=REQUIRES))
        read_control = rules.controls["a.b"]
        assert isinstance(read_control.applies, AllOf)
        assert [part.comparator for part in read_control.applies.conditions if isinstance(part, Predicate)] == [
            "on_or_after"
        ]
        assert not read_control.is_dated

    def test_a_control_that_uses_a_value_is_dated(self) -> None:
        assert (
            small_rulebook(controls_yaml(a_b="requires: {value: {reaches: {value: limit}}}")).controls["a.b"].is_dated
        )

    def test_packs_can_use_declarations_of_packs_before_and_after_them(self) -> None:
        law = make_pack_file(
            "pack: law\ntitle: A law\ninstrument: An Act\n" + controls_yaml(a_b=REQUIRES), "law/a.yaml"
        )
        facts = make_pack_file("pack: facts\ntitle: The facts" + FACTS_YAML, "law/b.yaml")
        for packs in ([law, facts], [facts, law]):
            assert link_packs(packs, GIVEN_FACTS, CALENDAR, "d").controls["a.b"].requires == Predicate(
                "urgent", "is", operand=True
            )

    def test_a_citation_without_an_instrument_takes_that_of_its_pack(self) -> None:
        cited = small_rulebook(controls_yaml(a_b=REQUIRES)).controls["a.b"].declaration.citation
        assert cited.instrument == "The Small Act 2018"


class TestNames:
    @pytest.mark.parametrize(
        "name", ["Title", "a.b.c", "1a", "_a", "a-b", "a b", ".a", "a.", "é", "x" * 61, "all", "none", "exemption"]
    )
    def test_a_name_that_no_fact_can_have_is_refused(self, name: str) -> None:
        line, key, message = one_fault(f'{PACK_HEADER}facts:\n  "{name}": {{kind: flag, label: A flag}}\n')
        assert (line, key) == (5, f"facts.{name}")
        assert message.startswith("is not a name such as")

    def test_a_name_that_no_control_can_have_is_refused(self) -> None:
        text = PACK_HEADER + FACTS_YAML + "controls:\n" + control_yaml("Not-A-Name", REQUIRES)
        assert one_fault(text)[2] == "is not a name such as procurement.route_stated"

    @pytest.mark.parametrize(
        ("section", "declared", "key"),
        [
            ("facts", "  twice.over: {kind: flag, label: A flag}\n", "facts.twice.over"),
            ("values", f"  twice.over: {{kind: flag, label: A flag, history: [{ROW}]}}\n", "values.twice.over"),
            ("derived", "  twice.over: {label: A sum, sum: [number]}\n", "derived.twice.over"),
            ("controls", control_yaml("twice.over", REQUIRES), "controls.twice.over"),
        ],
    )  # fmt: skip
    def test_a_name_declared_by_two_packs_is_refused(self, section: str, declared: str, key: str) -> None:
        base = PACK_HEADER + FACTS_YAML
        text = base + declared if section == "facts" else f"{base}{section}:\n{declared}"
        other = f"pack: other\ntitle: Another\ninstrument: Another Act\n{section}:\n{declared}"
        faults = pack_faults(text, other)
        first = "" if section == "controls" else ": first by law/0.yaml. Leave it out here, or choose another name"
        assert {(fault.key, fault.message) for fault in faults} == {(key, f"is declared more than once{first}")}
        assert "law/1.yaml" in {fault.file for fault in faults}

    def test_a_derived_fact_cannot_have_the_name_of_a_fact(self) -> None:
        assert (
            one_fault(PACK_HEADER + FACTS_YAML + "derived:\n  number: {label: A sum, sum: [other]}\n")[2]
            == "is declared more than once: first by law/0.yaml. Leave it out here, or choose another name"
        )


UNSET = "values:\n  limit.claims: {kind: money, label: The limit for claims}\n"
LIMIT = "{from: 2018-01-01, is: £9 ex VAT, operator: at_least, citation: {provision: para 9, basis: %s}}"


def setting(name: str, row: str, pack: str = "ours") -> str:
    """A pack of an authority that sets one value."""
    return f"pack: {pack}\ntitle: Our own limits\ninstrument: Our scheme\nsets:\n  {name}: {{history: [{row}]}}\n"


class TestSettings:
    CLAIMS = controls_yaml(a_b="requires: {value: {reaches: {value: limit.claims}}}")

    def test_an_authority_can_set_a_value_that_has_no_figure(self) -> None:
        own = make_pack_file(setting("limit.claims", LIMIT % "read"), "schemes/ours.yaml")
        law = make_pack_file(PACK_HEADER + FACTS_YAML + UNSET + self.CLAIMS)
        for packs in ([law, own], [own, law]):
            rules = link_packs(packs, GIVEN_FACTS, CALENDAR, "d")
            assert [row.citation.instrument for row in rules.law.values["limit.claims"].history] == ["Our scheme"]
            assert rules.law.values["limit.claims"].label == "The limit for claims"

    def test_a_setting_also_fills_the_days_for_which_no_figure_was_found(self) -> None:
        rows = [
            LIMIT.replace("2018-01-01,", f"{days},") % "unverified"
            for days in ("2016-01-01, to: 2016-12-31", "2018-01-01")
        ]
        gap = "{from: 2017-01-01, to: 2017-12-31, why: no figure for 2017 could be found}"
        law = UNSET.replace("}\n", f", history: [{', '.join(rows)}], not_found: [{gap}]}}\n")
        assert (
            link_packs([make_pack_file(PACK_HEADER + FACTS_YAML + law)], GIVEN_FACTS, CALENDAR, "d")
            .law.values["limit.claims"]
            .not_found
        )
        own = make_pack_file(setting("limit.claims", LIMIT.replace("2018", "2016") % "read"), "schemes/ours.yaml")
        value = link_packs(
            [make_pack_file(PACK_HEADER + FACTS_YAML + law), own], GIVEN_FACTS, CALENDAR, "d"
        ).law.values["limit.claims"]
        assert value.in_force_on("limit.claims", date(2017, 6, 1), {}).citation.instrument == "Our scheme"
        assert value.not_found == ()

    @pytest.mark.parametrize(("basis", "may"), [("unverified", True), ("secondary", False), ("read", False)])
    def test_only_a_value_that_was_never_verified_can_be_set(self, basis: str, may: bool) -> None:
        known = UNSET.replace("}\n", f", history: [{LIMIT % basis}]}}\n")
        own = setting("limit.claims", LIMIT.replace("£9", "£8") % "read")
        if may:
            rules = link_packs(
                [make_pack_file(PACK_HEADER + FACTS_YAML + known), make_pack_file(own, "law/own.yaml")],
                GIVEN_FACTS,
                CALENDAR,
                "d",
            )
            assert str(rules.law.values["limit.claims"].history[0].figure) == "£8 excluding VAT"
            return
        faults = pack_faults(PACK_HEADER + FACTS_YAML + known, own)
        assert [(fault.file, fault.key) for fault in faults] == [("law/1.yaml", "sets.limit.claims")]
        assert "is set already" in faults[0].message

    def test_a_value_set_by_two_packs_is_refused(self) -> None:
        row = LIMIT % "unverified"
        faults = pack_faults(
            PACK_HEADER + FACTS_YAML + UNSET, setting("limit.claims", row), setting("limit.claims", row, "theirs")
        )
        assert [(fault.file, fault.message) for fault in faults] == [
            ("law/2.yaml", "is set more than once, first in law/1.yaml")
        ]

    @pytest.mark.parametrize(
        ("name", "row", "key", "words"),
        [
            ("limit.clams", LIMIT % "read", "", "is a value that nobody declares. Did you mean limit.claims?"),
            ("limit.claims", ROW, "history.0.is", "is not of kind money"),
            (
                "limit.claims",
                LIMIT.replace("provision: para 9, ", "") % "read",
                "history.0.citation.provision",
                "missing",
            ),
        ],
    )
    def test_a_setting_that_does_not_fit_its_value_is_refused(self, name: str, row: str, key: str, words: str) -> None:
        faults = pack_faults(PACK_HEADER + FACTS_YAML + UNSET, setting(name, row))
        found = {fault.key: fault.message for fault in faults}
        assert words in found[".".join(filter(None, ["sets", name, key]))]


SHARED = "pack: common\ntitle: What many do\ninstrument: Forms of many\nlink: https://many\n"
DIARY = (
    "  due_soon: {label: It is due, day: due, when: {done: {known: false}}, citation: {provision: cl 7, basis: read}}\n"
)
PRACTICE = SHARED + "practice: true\n" + FACTS_YAML + controls_yaml(a_b=REQUIRES, a_c=REQUIRES) + "diary:\n" + DIARY


def citing(name: str, cited: str = "{provision: paragraph 4, basis: read}", pack: str = "ours") -> str:
    """A pack of an authority that cites one control or kind of day."""
    return f"pack: {pack}\ntitle: Our own form\ninstrument: Our form\nlink: https://ours\ncites:\n  {name}: {cited}\n"


class TestCitationsOfPractice:
    def test_an_authority_can_cite_its_own_source_for_a_control(self) -> None:
        packs = [make_pack_file(PRACTICE), make_pack_file(citing("a.b"), "schemes/ours.yaml")]
        for given in (packs, packs[::-1]):
            rules = link_packs(given, GIVEN_FACTS, CALENDAR, "d")
            cited = rules.controls["a.b"].declaration.citation
            assert type(cited) is Citation
            assert (str(cited), cited.link) == ("Our form, paragraph 4", "https://ours")
            assert str(rules.controls["a.c"].declaration.citation) == "Forms of many, cl 9"

    def test_a_citation_changes_nothing_else_of_a_control(self) -> None:
        own = rulebook_of(PRACTICE, citing("a.b")).controls["a.b"]
        shared = rulebook_of(PRACTICE).controls["a.b"]
        assert (own.applies, own.requires) == (shared.applies, shared.requires)
        kept = {"citation"}
        assert own.declaration.model_dump(exclude=kept) == shared.declaration.model_dump(exclude=kept)

    def test_a_citation_that_names_its_instrument_keeps_it(self) -> None:
        rules = rulebook_of(PRACTICE, citing("a.b", "{instrument: Our code, provision: x, basis: secondary}"))
        assert str(rules.controls["a.b"].declaration.citation) == "Our code, x (secondary)"

    def test_an_authority_can_cite_its_own_source_for_a_kind_of_day(self) -> None:
        day = rulebook_of(PRACTICE, citing("due_soon")).diary_rules["due_soon"].declaration
        assert (day.day, str(day.citation)) == ("due", "Our form, paragraph 4")

    def test_a_citation_can_narrow_the_days_in_force_of_a_control(self) -> None:
        cited = "{provision: x, basis: read, in_force: {from: 2018-03-01, to: 2018-03-31}}"
        rules = rulebook_of(PRACTICE, citing("a.b", cited))
        outcomes = {
            day: findings_by_control(rules, {"urgent": True}, on=date.fromisoformat(day))["a.b"].outcome
            for day in ("2018-02-28", "2018-03-01", "2018-03-31", "2018-04-01")
        }
        assert list(outcomes.values()) == ["not_applicable", "satisfied", "satisfied", "not_applicable"]

    @pytest.mark.parametrize("period", ["{from: 2018-01-01}", "{from: 2018-01-01, to: 2018-01-01}"])
    def test_a_citation_can_begin_on_the_first_day_of_its_control(self, period: str) -> None:
        rules = rulebook_of(PRACTICE, citing("a.b", f"{{provision: x, basis: read, in_force: {period}}}"))
        assert rules.controls["a.b"].declaration.in_force.first == date(2018, 1, 1)

    @pytest.mark.parametrize(
        ("name", "period"),
        [
            ("a.b", "{from: 2017-12-31}"),
            ("a.b", "{from: 2018-03-01, to: 2018-02-28}"),
            ("a.d", "{from: 2018-01-01}"),
            ("a.d", "{from: 2018-01-01, to: 2019-01-01}"),
        ],
    )
    def test_a_citation_for_days_outside_those_of_its_control_is_refused(self, name: str, period: str) -> None:
        ends = control_yaml("a.d", "in_force: {from: 2018-01-01, to: 2018-12-31}\n" + REQUIRES)
        practice = PRACTICE.replace("diary:\n", ends + "diary:\n")
        (fault,) = pack_faults(practice, citing(name, f"{{provision: x, basis: read, in_force: {period}}}"))
        assert (fault.file, fault.line, fault.key) == ("law/1.yaml", 6, f"cites.{name}.in_force")
        days = "2018-01-01 to 2018-12-31" if name == "a.d" else "2018-01-01 onwards"
        assert fault.message.startswith(f"must lie within {days}, the days on which the control is in force")

    def test_a_citation_of_a_kind_of_day_has_no_days_in_force(self) -> None:
        (fault,) = pack_faults(
            PRACTICE, citing("due_soon", "{provision: x, basis: read, in_force: {from: 2018-01-01}}")
        )
        assert fault.key == "cites.due_soon.in_force"
        assert fault.message == "can be given for a control alone: a kind of day has no days in force"

    @pytest.mark.parametrize(
        ("name", "near"),
        [("a.bb", "Did you mean a.b?"), ("due_son", "Did you mean due_soon?"), ("x", "There are: a.b, a.c, due_soon.")],
    )
    def test_a_citation_of_an_unknown_name_is_refused_with_the_closest_one(self, name: str, near: str) -> None:
        (fault,) = pack_faults(PRACTICE, citing(name))
        assert (fault.file, fault.line, fault.key) == ("law/1.yaml", 6, f"cites.{name}")
        assert fault.message == f"is a control or a kind of day that nobody declares. {near}"

    @pytest.mark.parametrize("name", ["a.b", "due_soon"])
    def test_a_control_of_law_cannot_be_cited_otherwise(self, name: str) -> None:
        (fault,) = pack_faults(PRACTICE.replace("practice: true\n", ""), citing(name))
        assert (fault.file, fault.key) == ("law/1.yaml", f"cites.{name}")
        assert fault.message == "is law in common, and the law cannot be cited otherwise"

    def test_policy_of_others_only_warns(self) -> None:
        for head, severity in {"": "blocking", "kind: law\n": "blocking", "kind: policy\n": "warning"}.items():
            rules = rulebook_of(PRACTICE.replace("practice: true\n", head))
            assert rules.controls["a.b"].declaration.severity == severity, head

    def test_policy_blocks_for_the_authority_whose_own_source_asks_it(self) -> None:
        rules = rulebook_of(PRACTICE.replace("practice: true\n", "kind: policy\n"), citing("a.b"))
        assert {name: rules.controls[name].declaration.severity for name in ("a.b", "a.c")} == {
            "a.b": "blocking",
            "a.c": "warning",
        }

    def test_one_control_of_policy_in_a_pack_of_law_can_be_cited_otherwise(self) -> None:
        law = PRACTICE.replace("practice: true\n", "kind: law\n")
        own = law.replace("{provision: cl 9, basis: read}", "{provision: cl 9, basis: read, kind: policy}", 1)
        assert own != law
        assert rulebook_of(own, citing("a.b")).controls["a.b"].declaration.severity == "blocking"
        assert pack_faults(own, citing("a.c"))

    def test_a_practice_of_the_same_name_does_not_let_law_be_cited_otherwise(self) -> None:
        law = "pack: act\ntitle: An Act\ninstrument: The Act\ncontrols:\n" + control_yaml("due_soon", REQUIRES)
        for given in ([law, PRACTICE], [PRACTICE, law]):
            faults = pack_faults(*given, citing("due_soon"))
            assert [(fault.file, fault.key) for fault in faults] == [("law/2.yaml", "cites.due_soon")]

    def test_a_control_cited_by_two_packs_is_refused(self) -> None:
        (fault,) = pack_faults(PRACTICE, citing("a.b"), citing("a.b", pack="theirs"))
        assert (fault.file, fault.key) == ("law/2.yaml", "cites.a.b")
        assert fault.message.startswith("is cited more than once, first in law/1.yaml: take one out")

    @pytest.mark.parametrize(
        ("cited", "key"),
        [("{provision: x}", "basis"), ("{basis: read}", "provision"), ("{provision: x, basis: read, who: us}", "who")],
    )
    def test_a_faulty_citation_is_refused(self, cited: str, key: str) -> None:
        (fault,) = pack_faults(PRACTICE, citing("a.b", cited))
        assert (fault.file, fault.key) == ("law/1.yaml", f"cites.a.b.{key}")


class TestRefusals:
    @pytest.mark.parametrize(
        ("body", "key", "words"),
        [
            ("requires: {nobody: {is: true}}", "requires.nobody", "nobody is a fact that nobody declares"),
            ("when: {nobody: {is: true}}\n" + REQUIRES, "when.nobody", "nobody is a fact that nobody declares"),
            ("except: {urgent: {is: 5}}\n" + REQUIRES, "except.urgent.is", "5 is not true or false"),
            ("governed_by: number\n" + REQUIRES, "governed_by", "number is not a declared fact of kind day"),
            ("governed_by: nobody\n" + REQUIRES, "governed_by", "nobody is not a declared fact of kind day"),
            ("requires: {exemption.section: {is: s43}}", "", "exemption.section is a fact of each exemption, and"),
            ("of: recommendation\nrequires: {exemption.section: {is: s43}}", "", "control is of each recommendation"),
            ("in_force: {from: 2018-02-01, to: 2018-01-31}\n" + REQUIRES, "in_force.to", "is before the first day"),
            ("gates: []\n" + REQUIRES, "gates", "must have at least 1"),
            ("gates: [fly]\n" + REQUIRES, "gates.0", "fly is not a gate. There are: amend, audit, audit_elsewhere"),
            ("severity: grave\n" + REQUIRES, "severity", "must be 'blocking' or 'warning'"),
            ("of: stage\n" + REQUIRES, "of", "stage is not a kind of subject. There are: case, exemption"),
            ("citation: {provision: x}\n" + REQUIRES, "citation.basis", "is missing"),
            ("cure: short\n" + REQUIRES, "cure", "must have at least 8 characters"),
            ("priority: 5\n" + REQUIRES, "priority", "is not a known key"),
        ],
    )  # fmt: skip
    def test_a_faulty_control_is_refused_with_the_key_at_fault(self, body: str, key: str, words: str) -> None:
        faults = pack_faults(PACK_HEADER + FACTS_YAML + controls_yaml(a_b=body))
        found = [fault for fault in faults if words in fault.message]
        assert found, faults
        assert found[0].key == ".".join(filter(None, ["controls.a.b", key]))
        assert found[0].line > 0

    def test_a_control_without_requirement_is_refused(self) -> None:
        assert one_fault(PACK_HEADER + FACTS_YAML + controls_yaml(a_b="when: {urgent: {is: true}}"))[1:] == (
            "controls.a.b.requires",
            "is missing",
        )

    def test_a_law_without_an_instrument_is_refused(self) -> None:
        (fault,) = pack_faults("pack: small\ntitle: A pack\n" + FACTS_YAML + controls_yaml(a_b=REQUIRES))
        assert (fault.key, fault.message) == ("controls.a.b.citation.instrument", "is missing")

    def test_a_value_that_depends_on_facts_of_another_subject_is_refused(self) -> None:
        values = VALUES_YAML.replace("by: [colour]", "by: [exemption.section]")
        values = values.replace("{colour: red}", "{exemption.section: s43}").replace(
            "{colour: green}", "{exemption.section: s40}"
        )
        (fault,) = pack_faults(
            PACK_HEADER
            + FACTS_YAML
            + values
            + controls_yaml(a_b="requires: {number: {reaches: {value: limit.by_colour}}}")
        )
        assert fault.message == "exemption.section is a fact of each exemption, and the control is of each case"

    @pytest.mark.parametrize(
        ("change", "key", "words"),
        [
            (("by: [colour]", "by: [number]"), "by", "number is not a declared fact of kind choice"),
            (("by: [colour]", "by: [nobody]"), "by", "nobody is not a declared fact of kind choice"),
            (("{colour: red}", "{colour: pink}"), "history", "pink is not a choice of colour"),
            (("{colour: red}", "{shade: red}"), "history.0.for", "must name colour"),
            (("{colour: red}, is: 5", "{colour: green}, is: 5"), "history.1.from", "overlaps the row from 2018-01-01"),
        ],
    )
    def test_a_value_with_a_faulty_history_is_refused(self, change: tuple[str, str], key: str, words: str) -> None:
        faults = pack_faults(PACK_HEADER + FACTS_YAML + VALUES_YAML.replace(*change))
        assert any(fault.key == f"values.limit.by_colour.{key}" and words in fault.message for fault in faults), faults

    def test_a_fact_can_share_the_choices_of_another(self) -> None:
        other = "  a: {kind: choice, label: Aa, choices: {x: The X}}\n"
        rules = small_rulebook(facts=FACTS_YAML + "  b.same: {kind: choice, label: Bb, choices_of: a}\n" + other)
        assert rules.facts["b.same"].coerce("x") == "x"
        assert rules.facts["b.same"].format_value("x") == "The X"

    @pytest.mark.parametrize(
        "fact",
        [
            "{kind: choice, label: Bb, choices_of: nobody}",
            "{kind: choice, label: Bb, choices_of: number}",
            "{kind: choice, label: Bb, choices_of: b}",
            "{kind: choice, label: Bb, choices_of: hue}",
            "{kind: choice, label: Bb, choices_of: colour, choices: {x: The X}}",
            "{kind: text, label: Bb, choices_of: colour}",
        ],
    )
    def test_choices_can_be_shared_only_from_a_fact_with_choices_of_its_own(self, fact: str) -> None:
        lent = "  hue: {kind: choice, label: Hue, choices_of: colour}\n"
        faults = pack_faults(PACK_HEADER + FACTS_YAML + lent + f"  b: {fact}\n")
        assert [(f.key, f.message) for f in faults] == [
            ("facts.b.choices_of", "must be another fact that has choices of its own")
        ]

    def test_only_facts_of_kind_choice_have_choices(self) -> None:
        faults = pack_faults(
            PACK_HEADER + "facts:\n  a: {kind: flag, label: Aa, choices: {x: X}}\n  b: {kind: choice, label: Bb}\n"
        )
        assert [fault.key for fault in faults] == ["facts.a.choices", "facts.b.choices"]

    def test_a_condition_too_wide_for_the_engine_is_refused(self) -> None:
        three = "{any: [{number: {is: 1}}, {number: {is: 2}}, {number: {is: 3}}]}"
        wide = f"requires: {{all: [{', '.join([three] * 5)}]}}"
        _, key, message = one_fault(PACK_HEADER + FACTS_YAML + controls_yaml(a_b=wide))
        assert (key, message) == ("controls.a.b.requires", "a condition has 81 conjunctions; at most 64 are compiled")

    def test_a_condition_too_long_for_the_engine_is_refused(self) -> None:
        tests = [f"{{number: {{is_not: {n}}}}}" for n in range(60)]
        parts = [f"{{all: [{', '.join(tests[at : at + 20])}]}}" for at in (0, 20, 40)]
        _, key, message = one_fault(
            PACK_HEADER + FACTS_YAML + controls_yaml(a_b=f"when: {{all: [{', '.join(parts)}]}}\n{REQUIRES}")
        )
        assert (key, message) == ("controls.a.b.when", "a conjunction has 61 tests; at most 55 are safe")

    def test_an_unresolved_value_counts_as_a_test_of_a_condition(self) -> None:
        three = "{any: [{number: {is: 1}}, {value: {reaches: {value: limit}}}, {number: {is: 3}}]}"
        (fault,) = pack_faults(
            PACK_HEADER + FACTS_YAML + VALUES_YAML + controls_yaml(a_b=f"requires: {{all: [{', '.join([three] * 4)}]}}")
        )
        assert "conjunctions" in fault.message

    def test_all_faults_of_all_packs_are_reported_together(self) -> None:
        first = (
            PACK_HEADER
            + FACTS_YAML
            + controls_yaml(a_b="requires: {nobody: {is: true}}", a_c="requires: {number: {is: x}}")
        )
        second = "pack: other\ntitle: Another\ninstrument: An Act\n" + controls_yaml(
            a_d="requires: {somebody: {is: true}}"
        )
        assert [(fault.file, fault.key) for fault in pack_faults(first, second)] == [
            ("law/0.yaml", "controls.a.b.requires.nobody"),
            ("law/0.yaml", "controls.a.c.requires.number.is"),
            ("law/1.yaml", "controls.a.d.requires.somebody"),
        ]

    def test_an_error_of_packs_has_advice(self) -> None:
        with pytest.raises(PackError) as refused:
            small_rulebook(controls_yaml(a_b="requires: {nobody: {is: true}}"))
        assert refused.value.advice() == "Correct the lines listed above. Nothing was recorded."

    @pytest.mark.parametrize("pack", ["Small", "x", "a b", "5", ""])
    def test_the_name_of_a_pack_has_small_letters(self, pack: str) -> None:
        source = read_yaml(f'pack: "{pack}"\ntitle: A pack\n', "law/small.yaml")
        found, faults = source.validate(Pack)
        assert found is None
        assert [fault.key for fault in faults] == ["pack"]
