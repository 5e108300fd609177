"""One mistake in a scheme is one fault: what only follows from it is not listed, and the message says what to write."""

from __future__ import annotations

import pytest

from tests.rules.manual_packs import HEAD, RULES, manual_faults


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "message"),
    [
        (
            HEAD,
            "    gate: certify\n",
            "    gate: certfy\n",
            "actions.certify.gate",
            "certfy is not a gate. Did you mean certify? There are: ",
        ),
        (
            HEAD,
            "    of: exemption\n",
            "    of: exemtion\n",
            "reviews.release.of",
            "exemtion is not a kind of subject. Did you mean exemption? There are: ",
        ),
        (
            RULES,
            "    in_force: {from: 2020-04-01, to: 2030-12-31}\n",
            "    in_force: 2020-04-01\n",
            "cites.stages.in_order.in_force",
            "must be a period: write {from: 2020-04-01} for that day and all after it",
        ),
    ],
    ids=["a misspelt gate", "a misspelt kind of subject", "a day in place of a period"],
)
def test_one_mistake_is_one_fault_that_says_what_to_write(
    file: str, old: str, new: str, key: str, message: str
) -> None:
    [fault] = manual_faults((file, old, new))
    assert (fault.file, fault.key) == (file, key)
    assert fault.message.startswith(message)
