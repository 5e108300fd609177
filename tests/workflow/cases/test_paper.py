"""Papers: a file is refused whole, with every fault at its line."""

from datetime import date

import pytest

from rules.errors import FileError
from rules.values.money import Money, Vat
from tests.workflow.walk import paper_bytes, shipped_library
from workflow.cases.paper import read_imported_paper, read_paper

SCHEME = shipped_library().scheme("mopac")


def faults(text: str) -> list[str]:
    with pytest.raises(FileError) as error:
        read_paper(text.encode(), "paper.yaml", SCHEME)
    return [str(fault) for fault in error.value.faults]


def test_both_parts_of_the_real_paper_are_read() -> None:
    paper = read_paper(paper_bytes(), "smarter-working.yaml", SCHEME)
    assert paper.public["title"] == "Smarter Working – Business Justification Paper"
    assert paper.exempt["estimated_value"] == Money(2_450_000_00, Vat.EXCLUDED)
    assert not paper.public.keys() & paper.exempt.keys()
    assert sum(1 for statement in paper.public if statement.endswith(".verb")) == 27


@pytest.mark.parametrize(
    "statement",
    ["pib.outcome: supported", "case.stage: draft", "act.on: 2018-03-07", "opened.by: A", "dmpc.by: A"],
)
@pytest.mark.parametrize("part", ["public", "exempt"])
def test_a_paper_cannot_state_what_acts_record(statement: str, part: str) -> None:
    text = f"public:\n  title: A\n  {statement}\n" if part == "public" else f"public: {{}}\nexempt:\n  {statement}\n"
    assert faults(text)[0].startswith(
        f"paper.yaml:3: {part}.{statement.split(':', maxsplit=1)[0]}: is not stated in a paper"
    )


@pytest.mark.parametrize(
    "stated",
    [
        "decided_on: 2018-04-16",
        "buyer: central",
        "declaration.finance: true",
        "decision.reference: PCD 1",
        "send_back.reason: None",
        "part_2.exemptions: 1",
        "required_by.working_day: true",
        "exemption: {s43: {lapses_on: 2048-12-31}}",
    ],
)
def test_a_paper_cannot_state_given_derived_or_requested_facts(stated: str) -> None:
    lines = faults(f"public:\n  title: A\n  {stated}\n")
    assert len(lines) == 1
    assert lines[0].startswith("paper.yaml:3: public.")
    assert "is not stated in a paper: an act records it, the scheme gives it, or it is derived" in lines[0]


def test_a_fact_cannot_be_stated_in_both_parts() -> None:
    text = "public:\n  contract_kind: works\nexempt:\n  contract_kind: works\n"
    assert faults(text) == ["paper.yaml:4: exempt.contract_kind: is stated in both parts: state it in one"]


def test_a_fact_of_a_subject_cannot_be_stated_in_both_parts() -> None:
    text = "public:\n  exemption: {s43: {section: s43}}\nexempt:\n  exemption:\n    s43:\n      section: s43\n"
    assert faults(text) == ["paper.yaml:6: exempt.exemption.s43.section: is stated in both parts: state it in one"]


def test_a_paper_needs_a_public_part_and_has_no_third() -> None:
    assert faults("exempt:\n  title: A\n") == ["paper.yaml:1: has no key public"]
    assert faults("public: {title: A}\nsecret: {title: B}\n") == [
        "paper.yaml:2: secret: is not a key of a paper: the keys are public and exempt"
    ]


def test_all_faults_are_listed_at_once() -> None:
    text = "public:\n  titel: A\n  required_by: 'soon'\n  pib.outcome: supported\nexempt:\n  estimated_value: lots\n"
    assert [fault.split(": ")[0] for fault in faults(text)] == [f"paper.yaml:{line}" for line in (2, 3, 4, 6)]


@pytest.mark.parametrize(
    "value",
    ["£2,450,0O0 ex VAT", "500,00", "-1 ex VAT", "9.999 ex VAT", "£750,00", "NaN", "€5 ex VAT", "£1e6 ex VAT"],
)
def test_malformed_money_is_refused_and_not_repeated_in_part_2(value: str) -> None:
    assert value in faults(f"public:\n  estimated_value: '{value}'\n")[0]
    lines = faults(f"public:\n  title: A\nexempt:\n  estimated_value: '{value}'\n")
    expected = "an amount, such as £1.4m or £181,302.50 ex VAT"
    assert lines == [f"paper.yaml:4: exempt.estimated_value: this value, in Part 2, must be {expected}"]


@pytest.mark.parametrize(
    ("stated", "secret"),
    [
        ("estimated_value: 2450000.755", "2450000"),
        ("estimated_value: 2_450_000", "2_450"),
        ("estimated_value: £1.4m to £2.4m", "2.4m"),
        ("procurement_commenced_on: 2018-02-30", "30"),
        ("procurement_commenced_on: 2018-02-30", "February"),
        ("procurement_commenced_on: 2018-13-01", "13-01"),
        ("procurement_commenced_on: 7/3/18", "7/3"),
        ("procurement_commenced_on: 2018-03-07 10:00:00", "03-07"),
        ("contract_kind: acme_secret", "acme"),
        ("matter.novel: 'acme'", "acme"),
        ("recommendation: {x: {number: 24500.5}}", "24500"),
        ("recommendation: {x: {number: [24500]}}", "24500"),
    ],
)
def test_no_fault_repeats_an_exempt_value(stated: str, secret: str) -> None:
    lines = faults(f"public:\n  title: A\nexempt:\n  {stated}\n")
    assert len(lines) == 1
    assert lines[0].startswith("paper.yaml:4: exempt.")
    assert secret not in lines[0]


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("exempt: {estimated_value: null}", "exempt.estimated_value: is empty; leave the key out"),
        ('exempt: {confidential.financial: "okapi\\a"}', "exempt.confidential.financial: U+0007 cannot be printed"),
    ],
)
def test_a_fault_in_part_2_that_repeats_nothing_is_reported_as_it_is(stated: str, message: str) -> None:
    (fault,) = faults(f"public: {{title: A}}\n{stated}\n")
    assert message in fault
    assert "okapi" not in fault


@pytest.mark.parametrize("text", ["", "- a\n", "public: [\n", "public: 1\n", "public: {}\npublic: {}\n"])
def test_a_file_that_is_not_a_paper_is_refused_by_name(text: str) -> None:
    assert all(fault.startswith("paper.yaml") for fault in faults(text))


@pytest.mark.parametrize(
    "stated",
    [
        "exempt: {estimated_value: £2,345 ex VAT}",
        "exempt: {estimated_value: £2,345,678 okapi VAT}",
        "exempt:\n  title: x\n  the okapi costs £2345: x",
        "exempt: {exemption: {okapi £2345: {section: s43}}}",
        "exempt: {exemption: {s43: {okapi £2345: s43}}}",
        "exempt: {exemption.okapi £2345: s43}",
        "exempt: {Okapi 2345: {a: b}, Okapi 2345: c}",
        "exempt: {estimated_value: !okapi 2345}",
        "exempt: {? [okapi, 2345] : c}",
        "exempt: {title: a}\nThe okapi costs 2345: x",
    ],
)
def test_an_exempt_text_that_a_slip_turned_into_a_key_is_not_repeated(stated: str) -> None:
    printed = "\n".join(faults(f"public: {{title: x}}\n{stated}\n"))
    assert "okapi" not in printed.lower()
    assert "345" not in printed
    assert "paper.yaml:" in printed


def test_a_misspelt_fact_is_repeated_with_a_suggestion() -> None:
    assert faults("public: {title: x}\nexempt: {estimted_value: 5 ex VAT}\n") == [
        "paper.yaml:2: exempt.estimted_value: is not a fact that is known here. Did you mean estimated_value?"
    ]
    assert faults("public: {Titel £5: x}\n")[0].startswith("paper.yaml:1: public.Titel £5: is not a fact")


@pytest.mark.parametrize(
    "unanswered",
    [
        "public: {title: A}\nexempt:",
        "public: {title: A}\nexempt:\n  estimated_value:",
        "public:\n  title: A\n  estimated_value:",
        "public:\n  title: A\n  form.legal: |-\n\n",
        "public:\n  title: A\n  form.legal: |\n    \n",
        'public:\n  title: A\n  form.legal: ""',
        "public:\n  title: A\n  exemption:",
        "public:\n  title: A\n  exemption:\n    s43:",
        "public:\n  title: A\n  exemption:\n    s43:\n      section:\n      review_on:",
    ],
)
def test_a_line_without_an_answer_counts_as_not_given_yet(unanswered: str) -> None:
    paper = read_paper(f"{unanswered}\n".encode(), "paper.yaml", shipped_library().scheme("mopac"))
    assert dict(paper.public) == {"title": "A"}
    assert not paper.exempt


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ("titel:", "public.titel: is not a fact that is known here. Did you mean title?"),
        ("estimated_value: ~", "public.estimated_value: is empty; leave the key out"),
        ("estimated_value: 1.5", "public.estimated_value: '1.5' does not have two digits for pence after its point"),
        ("estimated_value: about 5", "public.estimated_value: 'about 5' is not one amount in pounds"),
    ],
)
def test_a_name_that_is_wrong_is_a_fault_even_without_an_answer(stated: str, message: str) -> None:
    assert any(message in fault for fault in faults(f"public:\n  {stated}\n"))


def test_an_imported_record_may_not_leave_an_answer_out() -> None:
    library = shipped_library()
    text = "scheme: mopac\nstage: draft\npublic: {title: A}\nrecorded:\n  decided_on:\n"
    with pytest.raises(FileError, match="decided_on"):
        read_imported_paper(text.encode(), "paper.yaml", library.scheme)


def test_a_paper_is_read_as_officers_write() -> None:
    text = (
        "public:\n  Title: 2018\n  matter.novel: no\n  deferral asked: Y\n  required_by: 28.6.2019\n"
        "  estimated value: £1.4m\n  contract_kind: Goods or services\n"
        "  exemption: {S43: {section: Commercial interests, limb: Commercial interests}}\n"
    )
    paper = read_paper(text.encode(), "paper.yaml", SCHEME)
    assert paper.public == {
        "title": "2018",
        "matter.novel": False,
        "deferral.asked": True,
        "required_by": date(2019, 6, 28),
        "estimated_value": Money(140_000_000, Vat.UNSTATED),
        "contract_kind": "goods_services",
        "exemption:s43.section": "s43",
        "exemption:s43.limb": "commercial_interests",
    }


def test_one_fact_under_two_names_is_refused() -> None:
    assert faults("public:\n  title: A\n  Title: B\n") == [
        "paper.yaml:3: public.Title: states title again; state it once"
    ]


def test_a_choice_that_is_no_flag_lists_its_choices() -> None:
    gla = shipped_library().scheme("gla")
    with pytest.raises(FileError, match="'false' is not one of none, category_1"):
        read_paper(b"public:\n  matter.reserved: false\n", "paper.yaml", gla)
