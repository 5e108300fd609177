"""Provisions as citations name them, taken apart."""

import pytest

from rules.language.provisions import identify_instruments, split_provisions


@pytest.mark.parametrize(
    ("cited", "units"),
    [
        ("s.2(2)(b)", ["s.2"]),
        ("ss.22A, 26 to 29, 31 and 43(2)", ["s.22A", "s.26", "s.27", "s.28", "s.29", "s.31", "s.43"]),
        ("s.74(1) to (4) and Schedule 8", ["Schedule 8", "s.74"]),
        ("ss.68(1) to (3) and 88(1) to (3)", ["s.68", "s.88"]),
        ("Schedule 8, paragraphs 4(1)(c) and 5", ["Schedule 8"]),
        ("Schedule 1, row 10", ["Schedule 1"]),
        ("Schedule, paras 3(g) and 14", ["Schedule"]),
        ("art 2(2)(a) to (c)", ["art 2"]),
        ("reg. 12(2)(d) and (e) and 13(2)(d)", ["reg 12", "reg 13"]),
        ("regs 1(6), 109 and 110; ss.84(1) and 87(3)", ["reg 1", "reg 109", "reg 110", "s.84", "s.87"]),
        ("reg 9(1), thresholds for 2016 and 2017", ["reg 9"]),
        ("small lots, reg 6(14) and (15)", ["reg 6"]),
        ("regs 17 onwards", ["reg 17"]),
        ("section 1, Schedule 1", ["Schedule 1", "s.1"]),
        ("Parts 4 to 6", ["Part 4", "Part 5", "Part 6"]),
        ("para. 10", []),
        ("the accessibility requirement", []),
    ],
)
def test_a_citation_names_its_provisions(cited: str, units: list[str]) -> None:
    assert sorted(split_provisions(cited)) == units


@pytest.mark.parametrize(
    ("cited", "units"),
    [
        ("s.40(2), with section 3(2) of the Data Protection Act 2018 (c. 12)", ["s.40"]),
        ("reg 50(1) and (4); before 26 February 2015 reg 31(1) of other Regulations", ["reg 50"]),
        ("Schedule, paras 4(d) and 13, as substituted by SI 2012/2479, articles 5 and 9", ["Schedule"]),
        ("ss.62 and 63, as amended in 2010", ["s.62", "s.63"]),
        ("s.37(1)(ac), before 2011 s.37(1)(a)", ["s.37"]),
        ("s.10(1) and (6); SI 2004/3391, regs 5(2) and 14(2)", ["s.10"]),
    ],
)
def test_provisions_of_other_instruments_and_years_are_left_out(cited: str, units: list[str]) -> None:
    assert sorted(split_provisions(cited)) == units


@pytest.mark.parametrize(
    ("named", "numbers"),
    [
        ("Freedom of Information Act 2000 (c. 36)", ("2000 c. 36",)),
        ("Procurement Act 2023 (2023 c. 54)", ("2023 c. 54",)),
        ("Public Contracts Regulations 2015 (SI 2015/102), as amended by SI 2021/1221", ("SI 2015/102",)),
        ("Health Boards (Membership and Procedure) (Scotland) Regulations 2001 (SSI 2001/302)", ("SSI 2001/302",)),
        (
            "Utilities Contracts Regulations 2016 (SI 2016/274); Concession Contracts Regulations 2016 (SI 2016/273)",
            ("SI 2016/274", "SI 2016/273"),
        ),
        ("Government Security Classifications (April 2014)", ()),
    ],
)
def test_an_instrument_is_identified_by_its_number(named: str, numbers: tuple[str, ...]) -> None:
    assert identify_instruments(named) == numbers
