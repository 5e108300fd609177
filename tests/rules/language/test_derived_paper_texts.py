"""Functions that compare the texts of a paper: what they find, what they leave alone, and what they quote."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language.derived_facts import add_derived_facts
from rules.values.evidence import Evidence
from rules.values.facts import FactValue
from tests.rules.pack_builders import (
    FACTS_YAML,
    PACK_HEADER,
    VALUES_YAML,
    derived_fault_key,
    pack_faults,
    small_rulebook,
)

FACTS = (
    FACTS_YAML
    + """\
  recommendation.number: {kind: count, label: Number}
  recommendation.letter: {kind: text, label: Letter}
  form.one: {kind: text, label: One}
  form.two: {kind: text, label: Two}
"""
)
RECOMMENDED = {"each": ["recommendation.matter"]}
BESIDE = {"in": ["reason"], "beside": ["comment"], "beside_each": ["recommendation.matter"]}
OPENING = {
    "of": "recommendation.matter",
    "stated": "recommendation.verb",
    "number": "recommendation.number",
    "letter": "recommendation.letter",
    "verbs": {"decides": ["approve", "authorise", "delegate", "agree"], "notes": ["note"], "undecided": ["consider"]},
    "item": "item",
    "otherwise": "missing",
}

PAIRS = {**BESIDE, "pairs": [{"one": ["inquest"], "other": ["inquiry"]}]}
SEARCH = {
    "in": ["reason", "form.*"],
    **RECOMMENDED,
    "any_of": ["exempt"],
    "unless": [["Act", "section #"]],
    "beside": ["comment"],
    "unless_stated": ["form.three?"],
}


def derive(
    function: str,
    arguments: dict[str, Any],
    *recommended: str,
    name: str = "one.found",
    asked: frozenset[str] | None = None,
    **case: str,
) -> FactValue | None:
    """Return what a function finds in the texts of a case and of its recommendations."""
    outcomes = ("decides", "notes", "undecided", "item", "missing")
    choices = {code: code for code in outcomes} if "verbs" in arguments else {}
    declared = {"label": "Found", function: arguments, "choices": choices}
    rulebook = small_rulebook(f"derived:\n  {name}: {json.dumps(declared)}\n", facts=FACTS, values=VALUES_YAML)
    subjects = {f"recommendation:r{n}": {"recommendation.matter": text} for n, text in enumerate(recommended)}
    facts = {fact.replace("__", "."): text for fact, text in case.items()}
    evidence = add_derived_facts(Evidence(facts, subjects, asked=asked), rulebook.derived_facts, rulebook.law)
    subject = f"recommendation:r{len(recommended) - 1}" if name.startswith("recommendation") else "case"
    return evidence.facts_of(subject).get(name)


class TestAmounts:
    def test_a_malformed_amount_is_quoted_at_its_place(self) -> None:
        found = derive("malformed_amount", {"in": ["reason"], **RECOMMENDED}, "a sum of £2,165,00 in all")
        assert found == "recommendation:r0.matter: “a sum of £2,165,00 in all”"

    @pytest.mark.parametrize(
        ("summary", "asked"),
        [
            ("worth £339,000,000", "a value of £339,598,905"),
            ("a sum of £145,300", "a sum of £154,300"),
            ("a sum of £76,350", "a sum of £76,850"),
        ],
    )
    def test_two_amounts_that_seem_to_be_one_are_found(self, summary: str, asked: str) -> None:
        assert derive("amounts_apart", {**BESIDE, "percent": 1}, asked, reason=summary) is not None

    @pytest.mark.parametrize(
        ("summary", "asked"),
        [
            ("worth £339.6m", "a value of £339,598,905"),
            ("a sum of £450,000", "a sum of £460,000"),
            ("a sum of £145,300 and £154,300", "a sum of £154,300"),
            ("£1 a day", "£2 a day"),
        ],
    )
    def test_rounded_amounts_and_other_sums_are_left_alone(self, summary: str, asked: str) -> None:
        assert derive("amounts_apart", {**BESIDE, "percent": 1}, asked, reason=summary) is None

    @pytest.mark.parametrize(
        "asked",
        [
            ("Approve £835,000",),
            ("Approve £700,000 for it", "Approve £135,000 for that"),
            ("Approve £167,000 in each of five years",),
            ("Approve £835,000, and £70,000 of it for them",),
            ("Approve grants to:", "them, £70,000"),
            ("Approve £995,000",),
            ("Approve a total cost of £835,000", "Award the contract for £70,000"),
            ("Approve grants of £90,000 each", "Approve £70,000 for that"),
            ("Approve the work",),
        ],
    )
    def test_an_amount_that_follows_from_the_summary_is_explained(self, asked: tuple[str, ...]) -> None:
        arguments = {**RECOMMENDED, "beside": ["reason"]}
        assert derive("amount_not_explained", arguments, *asked, reason="£835,000 and £160,000") is None

    def test_an_amount_of_its_own_is_found_where_the_summary_has_others(self) -> None:
        arguments = {**RECOMMENDED, "beside": ["reason"]}
        asked = ("Approve £835,000", "Approve up to £70,000 for that")
        found = derive("amount_not_explained", arguments, *asked, reason="£835,000 for it")
        assert found == "recommendation:r1.matter: “Approve up to £70,000 for that”"
        assert derive("amount_not_explained", arguments, *asked, reason="for it") is None

    @pytest.mark.parametrize(
        ("text", "is_found"),
        [
            ("£900 as follows: rent £500, heating £300", True),
            ("£900 as follows: rent £500, heating £400", False),
            ("£835,000 as follows: it (£595,000); that (£110,000); those (£130,000)", False),
            ("£1m comprising £0.6m and £0.4m", False),
            ("as follows: 2025-26: £1,800; 2026-27: £1,600; 2027-28: £1,600", False),
            ("£9,000: for rent. Heating is £300 and £200", False),
            ("Awards up to £5,000: them £2,500; those £2,650", False),
            ("A cost of £5,000: them £2,500; those £2,650", True),
        ],
    )
    def test_a_total_is_compared_with_the_parts_after_it(self, text: str, *, is_found: bool) -> None:
        assert (derive("parts_off_total", {"in": ["reason"]}, reason=text) is not None) is is_found


class TestWords:
    def test_a_text_about_the_one_beside_a_text_about_the_other_is_found(self) -> None:
        found = derive("words_apart", PAIRS, reason="At an inquest", comment="At a public inquiry")
        assert found == "reason: “At an inquest”; comment: “At a public inquiry”"
        assert derive("words_apart", PAIRS, "At an inquest", reason="At an inquiry") is not None

    def test_a_text_about_both_agrees_with_either(self) -> None:
        assert derive("words_apart", PAIRS, reason="An inquest", comment="An inquiry after the inquest") is None

    @pytest.mark.parametrize(
        ("title", "text", "is_found"),
        [
            ("Settle two claims", "the settlement of a claim by a former officer", True),
            ("Settle a claim", "both are settled: the two claims", True),
            ("Settle two claims", "three civil claims", True),
            ("Settle claims", "a civil claim among other claims", False),
            ("Settle claims", "two claims", False),
            ("Settle a claim", "claims are met from the budget", False),
            ("Claim form", "two claims", False),
        ],
    )
    def test_numbers_of_one_thing_are_compared(self, title: str, text: str, *, is_found: bool) -> None:
        found = derive("counts_apart", {**BESIDE, "nouns": ["claim"]}, reason=title, comment=text)
        assert (found is not None) is is_found

    @pytest.mark.parametrize(
        ("title", "text", "is_found"),
        [
            ("Programme 2015-16", "the 2014-15 programme", True),
            ("Programme 2015/16", "the programme of 2015-2016", False),
            ("Programme 2025-26 to 2027-28", "from 2026/27 on", False),
            ("Programme 2015-16", "no year at all, on 12/13/14", False),
        ],
    )
    def test_financial_years_are_compared(self, title: str, text: str, *, is_found: bool) -> None:
        found = derive("periods_apart", BESIDE, reason=title, comment=text)
        assert (found is not None) is is_found

    @pytest.mark.parametrize(
        ("text", "is_found"),
        [
            ("award to the to the best bid", True),
            ("of the the bid", True),
            ("he said that that is it", False),
            ("a well-to-to do", False),
            ("New New Met", False),
        ],
    )
    def test_words_that_stand_twice_are_found(self, text: str, *, is_found: bool) -> None:
        assert (derive("repeated_words", {"in": ["reason"]}, reason=text) is not None) is is_found

    @pytest.mark.parametrize(
        "text",
        [
            "expenditure of up £52,000",
            "The amendments to in Appendix B",
            "The aim would also to provide them",
            "it is now included a separate case",
            "The purpose of this paper include to agree",
            "authority conferred Mayoral Decision",
            "the award of the to a supplier",
            "the Localism Act 20111 allows it",
            "The 20123 Olympic Games",
            "into two l– collections",
            "greater value for money that the incumbent's service.",
            "for the 2025-30, to procure it",
            "in accord with the, and so on",
            "for the its own use",
            "The services will provides help",
            "has be agreed; it would been",
            "the contract is to be award; it has agree terms",
            "to ensures that it lasts",
            "supported from be existing budgets",
            "The service has is requesting it",
            "opportunities to supporting vulnerable people",
            "The Mayor is asked approve it",
            "The paper seeks approve of it",
            "is asked to approval of it",
            "in order deliver it",
            "in accordance to the rules",
            "prior the award",
            "a matter up to for the amount",
            "transferred into to reserves",
            "with to deliver it",
            "over £150,000 or over requires it",
            "people who are those at risk",
            "movements and a transfers to reserves",
            "these contracts is extended",
            "for a period of two year from May",
            "These will be a delivered over two years",
            "a increase of the grant",
            "an contract",
            "better than the incumbent's, and cheaper",
            "I approve the award the contract to a university",
            "is restricted at it contains names",
        ],
    )
    def test_words_that_cannot_stand_side_by_side_are_found(self, text: str) -> None:
        assert derive("broken_words", {"in": ["reason"]}, reason=text) is not None

    @pytest.mark.parametrize(
        "text",
        [
            "expenditure of up to £52,000, the in-house team and the on-call one",
            "as referred to in Appendix B, access to in-house staff",
            "The will to live; it must, to be fair, end in May to June",
            "it is included. A separate case contained the rest",
            "The purposes of this paper are two",
            "authority conferred by Mayoral Decision, powers delegated under it",
            "options a – c, and part b – the rest",
            "the Localism Act 2011, invoice no 20123 Smith, RM20123, £20123",
            "a service of greater value that the council's residents use",
            "the 2025-30 plan, to procure it; the 2025-26, and 2026-27 budgets",
            "for of-the-shelf use, from to-day",
            "a series of talks, a process to follow, a means to an end, a user, a one-off grant, a European firm",
            "an MPS officer, an NHS trust, an hour, an honour, an LGBT group",
            "it will focus on this, and would always bias it; they would themselves agree",
            "an approach to supporting them, in addition to providing help, a commitment to reducing it",
            "funding to existing providers, plans to planning officers, a grant to training providers and others",
            "The residents have had a say. What it is, is right; instead of to the owner; taken care of by the owner",
            "subject to for the time being, in order to deliver it, in accordance with the rules, prior to the award",
            "Work in these areas has been done, and the cost of those works is known",
            "a two-year extension; for two years from May; of one month",
            "The award is to approve; agreed to approve it; asked to agree",
            "approve the award of the contract; after the award the contract begins; look at it, is it right",
        ],
    )
    def test_sound_words_are_left_alone(self, text: str) -> None:
        assert derive("broken_words", {"in": ["reason"]}, reason=text) is None

    def test_each_place_with_broken_words_is_quoted(self) -> None:
        found = derive(
            "broken_words", {"in": ["reason", "comment"]}, reason="the of it, an contract", comment="into to it"
        )
        assert str(found).split("; ") == [
            "reason: “the of it, an contract”",
            "reason: “the of it, an contract”",
            "comment: “into to it”",
        ]

    @pytest.mark.parametrize(
        "text",
        [
            "on 31 June 2019",
            "on Monday 5 May 2015",
            "from 28th September 2015 until 24th March 2015",
            "from April 2019 to March 2018",
            "1/2/2019 - 31/1/2019",
            "three years with effect from 1 April 2018 and expires on 4 March 2021",
            "a 12 month contract commencing 1 April 2019, ending on 31 March 2021",
            "in 2019/18",
            "for 2019-2019",
        ],
    )
    def test_days_and_periods_that_cannot_be_right_are_found(self, text: str) -> None:
        assert derive("impossible_days", {"in": ["reason"]}, reason=text) is not None

    @pytest.mark.parametrize(
        "text",
        [
            "on 30 June 2019 and Tuesday 5 May 2015",
            "from 28 September 2015 until 24 March 2016",
            "from April 2019 to April 2019; June 2019, June 2018",
            "up to three years from 1 April 2019 to 31 March 2020",
            "three years from 1 April 2019 with an option to extend until 31 March 2024",
            "three years from April 2019 until March 2022; two years from 1 April 2019 to 20 March 2021",
            "reviewed in two years; from 1 April 2019 prices rise, as they did in May 2018",
            "for 2019/20, in 2012-2016, ref 2019/18, 2016-12-11",
        ],
    )
    def test_days_and_periods_that_can_be_right_are_left_alone(self, text: str) -> None:
        assert derive("impossible_days", {"in": ["reason"]}, reason=text) is None

    @pytest.mark.parametrize(
        ("text", "is_found"),
        [
            ("3.1 One thing. 3.2 Another, see section 3.4.", True),
            ("3.1 One thing. 3.2 Another, see section 3.1.", False),
            ("3.1 One thing. 3.2 Another, see section 4.10.", False),
            ("3.1 One thing. 3.2 Another, under section 3.9 of the Scheme.", False),
        ],
    )
    def test_a_reference_is_compared_with_the_paragraphs_of_its_section(self, text: str, *, is_found: bool) -> None:
        assert (derive("dangling_number", {"in": ["reason"]}, reason=text) is not None) is is_found

    @pytest.mark.parametrize(
        ("title", "reference", "is_found"),
        [
            ("XCD 361 Phones", "XCD 316", True),
            ("XCD361 Phones", "XCD 0361", False),
            ("AB 1 Phones", "XCD 316", False),
            ("AB 316 Phones", "XCD 316", True),
            ("Phones", "XCD 316", False),
        ],
    )
    def test_a_reference_in_the_title_is_compared_with_the_own(
        self, title: str, reference: str, *, is_found: bool
    ) -> None:
        found = derive("other_reference", {"in": ["reason"], "reference": "comment"}, reason=title, comment=reference)
        assert (found is not None) is is_found


class TestVerbs:
    @pytest.mark.parametrize(
        ("texts", "choice"),
        [
            (("The Deputy Mayor is asked to approve it",), "decides"),
            (("a) authorises the Commissioner to spend",), "decides"),
            (("Delegated to the Director",), "decides"),
            (("Subject to contract, approve the sale",), "decides"),
            (("Following consultation, note that it is late",), "notes"),
            (("Subject to contract, the sale of land",), "missing"),
            (("Consider and approve the request",), "decides"),
            (("The committee is asked to consider a request",), "undecided"),
            (("Note that it is late",), "notes"),
            (("Procurement to take place by a framework",), "missing"),
            (("Approve grants to:", "the society"), "item"),
            (("Approve it", "the society"), "item"),
            (("To revise the rules of the council",), "decides"),
            (("That the rules be temporarily changed",), "decides"),
            (("The budget of the boroughs be made available",), "decides"),
            (("the director has taken the decision to note it",), "notes"),
            (("expenditure to be met from the budget",), "missing"),
            (("the business case which has been written",), "missing"),
        ],
    )
    def test_the_first_verb_says_what_a_text_does(self, texts: tuple[str, ...], choice: str) -> None:
        assert derive("opening_verb", OPENING, *texts, name="recommendation.found") == choice

    @given(st.text(max_size=120))
    def test_any_text_gives_one_of_the_choices(self, text: str) -> None:
        found = derive("opening_verb", OPENING, text, name="recommendation.found")
        assert found in {"decides", "notes", "undecided", "item", "missing"}


class TestPhrases:
    def test_a_pattern_stands_for_every_text_with_its_beginning(self) -> None:
        assert derive("mentions", SEARCH, form__two="It is exempt") == "form.two: “It is exempt”"

    @pytest.mark.parametrize("words", ["under section 43 of the Act", "the Act, section43", "the Act (Section 43(2))"])
    def test_a_number_sign_stands_for_any_number(self, words: str) -> None:
        assert derive("mentions", SEARCH, reason="It is exempt.", comment=words) is None

    def test_texts_of_other_things_are_searched(self) -> None:
        assert derive("mentions", SEARCH, "Exempt facts") == "recommendation:r0.matter: “Exempt facts”"

    def test_what_is_quoted_stands_whatever_else_a_source_may_show(self) -> None:
        assert derive("mentions", SEARCH, "Exempt facts", asked=frozenset()) is not None

    def test_nothing_is_found_where_a_text_has_an_amount(self) -> None:
        search = {"in": ["reason"], "any_of": ["cost"], "unless_amount": ["comment"]}
        assert derive("mentions", search, reason="The cost is high") is not None
        assert derive("mentions", search, reason="The cost is high", comment="£5") is None


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ("repeated_words: {}", "at least one text"),
        ("repeated_words: {each: [recommendation.matter, exemption.reason]}", "facts of one kind"),
        ("repeated_words: {in: [value]}", "is of kind money"),
        ("repeated_words: {in: [nowhere]}", "nobody declares"),
        ("amount_above: {in: [reason], value: years}", "is of kind count"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(declared: str, message: str) -> None:
    assert derived_fault_key(message, declared) is not None


class TestDays:
    SEARCH = "expires on", "expired in"

    @pytest.mark.parametrize(
        ("text", "day"),
        [
            ("The contract expires on 29 April 2024.", date(2024, 4, 29)),
            ("It expires on the 1st May 2018, and expires on 02/04/2018", date(2018, 4, 2)),
            ("It expired in February 2016", date(2016, 2, 29)),
            ("It expires on 31/02/2019", None),
            ("It expires on 29 April", None),
            ("It expires soon, on 29 April 2024", None),
            ("29 April 2024 expires on", None),
        ],
    )
    def test_the_earliest_day_right_after_the_words_is_found(self, text: str, day: date | None) -> None:
        assert derive("day_in_text", {"in": ["reason"], "after": list(self.SEARCH)}, reason=text) == day

    @given(st.text(max_size=80))
    def test_no_text_is_too_odd(self, text: str) -> None:
        found = derive("day_in_text", {"in": ["reason"], "after": list(self.SEARCH)}, reason=f"expires on {text}")
        assert found is None or isinstance(found, date)


class TestAmountBefore:
    SEARCH: ClassVar = {
        "in": ["reason"],
        "words": ["below the EU", ["under", "OJEU limits"]],
        "unless": [["each", "below"]],
    }

    @pytest.mark.parametrize(
        ("text", "amount"),
        [
            ("At £250,000 it is below the EU threshold of £181,302.", "£250,000 as stated"),
            ("At £1.2m (£250k plus VAT a year) it is under all OJEU limits.", "£250,000 excluding VAT"),
            ("It costs £300,000 (including VAT), below the EU threshold.", "£300,000 including VAT"),
            ("It costs £300,000. It is below the EU threshold.", None),
            ("It is below the EU threshold at £300,000.", None),
            ("Contracts for £2m are each below the EU threshold.", None),
            ("It costs £2,165,00, below the EU threshold.", None),
        ],
    )
    def test_the_last_amount_before_the_words_is_found_with_its_basis(self, text: str, amount: str | None) -> None:
        found = derive("amount_before", self.SEARCH, reason=text)
        assert (None if found is None else str(found)) == amount

    def test_words_of_another_fact_can_be_taken_over(self) -> None:
        """One of its `unless` counts, too, beside those given here."""
        rulebook = small_rulebook(
            """
derived:
  d.called: {label: Dd, mentions: {in: [reason], any_of: [below the limit, under it], unless: [whether]}}
  d.amount: {label: Dd, amount_before: {like: d.called, unless: [each]}}
"""
        )
        texts = ("£5 is under it", "£5 is below the limit", "£5 each is under it", "whether £5 is under it", "£5")
        found = [
            add_derived_facts(Evidence({"reason": text}), rulebook.derived_facts, rulebook.law).case_facts.get(
                "d.amount"
            )
            for text in texts
        ]
        assert list(map(str, found)) == ["£5 as stated", "£5 as stated", "None", "None", "None"]

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            ("{like: d.nothing}", "d.nothing is no derived fact of this file with mentions"),
            ("{like: d.nothing, words: [small]}", "must give like, or in and each with words, and not both"),
            ("{in: [reason]}", "must name at least one text under in or each, and words; or another fact under like"),
        ],
    )
    def test_words_must_come_from_one_place(self, arguments: str, message: str) -> None:
        faults = pack_faults(
            PACK_HEADER + FACTS_YAML + f"derived: {{d.amount: {{label: Dd, amount_before: {arguments}}}}}"
        )
        assert [fault for fault in faults if message in fault.message]
