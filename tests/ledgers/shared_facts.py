"""Facts that the scripts of several authorities use."""

from __future__ import annotations

from tests.golden.rulings.other_scenes import EXEMPTION_FACTS, FORM_FACTS, REPORT_FACTS, WITHHELD_FACTS
from tests.golden.rulings.scenes import changed_facts
from tests.ledgers.steps import ReviewExemption

BOTH, LATE = "robin-both", "late-comer"
FRESH_TEST = {"exemption:s43.public_interest": "withhold", "exemption:s43.public_interest_reasons": "Prices are new."}
NEXT_REVIEW = {"exemption:s43.review_on": "2024-03-07"}
EXTEND = ReviewExemption("governance-team", "2018-12-03", "extend", NEXT_REVIEW, FRESH_TEST)
EXTEND_WITHOUT_TEST = ReviewExemption("governance-team", "2018-12-03", "extend", NEXT_REVIEW, {})
HIDDEN_SUBJECTS = {
    "exemption:harbour.section": "s43",
    "exemption:harbour.limb": "trade_secret",
    "exemption:quay.section": "s43",
}
FORM_PART_2 = EXEMPTION_FACTS | {"estimated_value": "£62,500 ex VAT"}
WITHHELD_FORM = changed_facts(FORM_FACTS, "estimated_value") | WITHHELD_FACTS
REPORT_PART_2 = EXEMPTION_FACTS | {"estimated_value": "£420,000 ex VAT"}
WITHHELD_REPORT = changed_facts(REPORT_FACTS, "estimated_value") | WITHHELD_FACTS | {"publication.status": "in_part"}
