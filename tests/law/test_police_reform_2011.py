"""Who may exercise which functions of a policing body: section 19 of the Act of 2011 on police reform."""

import pytest

from tests.law.conftest import JudgeFacts


@pytest.mark.parametrize(("function", "outcome"), [("plan", "breached"), ("objectives", "satisfied")])
def test_the_deputy_mayor_has_only_some_of_the_listed_functions(judge: JudgeFacts, function: str, outcome: str) -> None:
    """Section 19(3)(b): not "a function listed in subsection (7) (a), (e), (f), (g) or (h)"."""
    facts = {"function.listed": function, "function.passed_to": "deputy_mayor"}
    assert judge(facts, on="2026-06-01")["function.not_passed_on"].outcome == outcome


@pytest.mark.parametrize(("person", "outcome"), [("officer", "satisfied"), ("mayor", "breached")])
def test_no_function_goes_to_those_whom_the_act_excludes(judge: JudgeFacts, person: str, outcome: str) -> None:
    """Section 19(6) lists constables, commissioners, the Mayor, other policing bodies and their staff."""
    control = judge({"function.passed_to": person}, on="2026-06-01")["function.not_to_the_excluded"]
    assert control.outcome == outcome


@pytest.mark.parametrize(("considered", "outcome"), [(True, "satisfied"), (False, "breached")])
def test_the_office_has_regard_to_its_plan_and_to_others(judge: JudgeFacts, considered: bool, outcome: str) -> None:
    """Section 8(3): "must, in exercising the functions of the Office, have regard to the police and crime plan"."""
    finding = judge({"plan.considered": considered})["plan.regard_had"]
    assert (finding.outcome, finding.severity) == (outcome, "warning")
