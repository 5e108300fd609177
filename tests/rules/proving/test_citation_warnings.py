"""A scheme that takes a pack of practice without a source of its own is warned of."""

from __future__ import annotations

from rules.proving.citation_warnings import citation_warnings
from tests.rules.manual_packs import HEAD, manual_bundle

AS_CITED = "    as_cited: The authority uses the model form of the association, whose boxes the pack quotes.\n"


def warnings(*changes: tuple[str, str, str]) -> list[tuple[str, str]]:
    parsed = manual_bundle(*changes).parse()
    found = citation_warnings(parsed.pack_files, parsed.head, parsed.declaration)
    return [(fault.key, fault.message) for fault in found]


def test_what_is_taken_without_a_source_is_named_where_the_pack_is_taken() -> None:
    [(key, message)] = warnings((HEAD, AS_CITED, ""))
    assert key == "packs.1"
    assert message.startswith(
        "takes paper.in_draft, send_back.reason_given, opinion.favourable, opinion.on_a_plan and 2 more"
        " from parks-practice"
        " without a source of its own, so that officers are shown Model decision form of the Example Parks Association:"
        " add each under `cites`"
    )


def test_a_control_that_is_left_out_needs_no_source() -> None:
    more = "    leaves_out:\n      paper.in_draft: Order 9 lets anybody change a paper.\n"
    [(_, message)] = warnings((HEAD, AS_CITED, ""), (HEAD, "    leaves_out:\n", more))
    assert (
        "takes send_back.reason_given, opinion.favourable, opinion.on_a_plan, decision.referenced and 1 more from"
        in message
    )


def test_a_scheme_may_say_why_the_source_of_the_pack_is_its_own() -> None:
    assert warnings() == []
