"""Schemes take reviews and blocks of documents from a shared file, and are the same as with these written out."""

from __future__ import annotations

import pytest

from rules.errors import PackError
from rules.packs.bundle import Bundle
from tests.rules.manual_packs import HEAD, SHARED, manual_bundle, manual_faults, manual_files, manual_scheme

USE = "  - file: parks-forms\n    roles: {reviewer: clerk}\n"


class TestReviews:
    def test_a_shared_review_is_done_by_the_role_that_the_scheme_names(self) -> None:
        review = manual_scheme().review_action("extend")
        assert (review.who, review.outcome) == (("clerk",), "extended")

    def test_several_roles_may_do_what_the_file_leaves_to_one(self) -> None:
        scheme = manual_bundle((HEAD, "{reviewer: clerk}", "{reviewer: [clerk, chair]}")).scheme()
        assert scheme.review_action("extend").who == ("clerk", "chair")

    def test_a_review_of_the_scheme_itself_goes_before_a_shared_one(self) -> None:
        own = "  extend:\n    label: Withhold it for a year\n    of: exemption\n    gate: review\n    who: [chair]\n"
        kept = "    outcome: extended\n    kept_in: exemption.review_outcome\n    dates: exemption.reviewed_on\n"
        scheme = manual_bundle((HEAD, "reviews:\n", f"reviews:\n{own}{kept}")).scheme()
        assert scheme.review_action("extend").label == "Withhold it for a year"

    def test_a_role_that_the_scheme_lacks_is_to_be_mapped(self) -> None:
        [fault] = manual_faults((HEAD, "    roles: {reviewer: clerk}\n", ""))
        assert (fault.file, fault.key, fault.message) == (
            HEAD,
            "shared.0",
            "parks-forms needs a role called reviewer: add it, or map it with `roles: {reviewer: YOURS}` under shared",
        )

    @pytest.mark.parametrize(
        ("roles", "message"),
        [
            ("{reviewer: clark}", "clark is not a role. Did you mean clerk?"),
            ("{reviewer: clerk, reader: chair}", "reader is not a role that parks-forms names."),
        ],
    )
    def test_a_mapping_of_unknown_roles_is_refused(self, roles: str, message: str) -> None:
        [fault] = manual_faults((HEAD, "{reviewer: clerk}", roles))
        assert fault.message.startswith(message)


class TestBlocks:
    def test_a_shared_block_stands_in_the_document_with_the_keys_beside_its_name(self) -> None:
        block = manual_scheme().document_template("decision", 2).blocks[1]
        assert block.heading == "Sections that are relied on"
        assert list(block.details) == ["exemption.section", "exemption.reason", "exemption.review_on"]

    def test_a_block_that_no_shared_file_has_gets_a_suggestion(self) -> None:
        [fault] = manual_faults((HEAD, "      - shared: exemptions\n", "      - shared: exemption\n"))
        assert fault.file == HEAD
        assert fault.message == "exemption is not a shared block. Did you mean exemptions? There are: exemptions."

    def test_a_fault_in_a_shared_block_has_its_place_in_the_shared_file(self) -> None:
        as_it_is = (HEAD, "        heading: Sections that are relied on\n", "")
        [fault] = manual_faults(
            as_it_is, (SHARED, "      exemption.reason: Reason\n", "      exemption.raeson: Reason\n")
        )
        assert (fault.file, fault.line > 0) == (SHARED, True)
        assert "exemption.raeson is a fact that nobody declares. Did you mean exemption.reason?" in fault.message


class TestFiles:
    def test_a_shared_file_that_is_not_there_is_named(self) -> None:
        files = {name: data for name, data in manual_files().items() if name != SHARED}
        with pytest.raises(PackError, match=r"shared\.0: shared/parks-forms\.yaml is not there"):
            Bundle(files).scheme()

    def test_its_name_is_that_of_the_file(self) -> None:
        [fault] = manual_faults((SHARED, "shared: parks-forms\n", "shared: parks-form\n"))
        assert (fault.file, fault.message) == (SHARED, "must be parks-forms, as its file is called")

    def test_what_is_shared_belongs_to_the_bundle(self) -> None:
        other = manual_bundle((SHARED, "label: Withhold for longer", "label: Withhold for another year"))
        assert other.digest != Bundle(manual_files()).digest
        assert other.scheme().review_action("extend").label == "Withhold for another year"
