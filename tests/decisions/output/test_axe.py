"""Every page of every shipped scheme in a browser: axe-core finds no barrier for any reader.

`make browser` installs what this needs: Chromium, and axe-core as tests/web/package-lock.json has it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from decisions.documents.audit_report import AuditReport, RecordState
from decisions.output import html
from rules.values.passages import Cell, Table
from tests.decisions import sample
from tests.decisions.documents.test_audit_report import AS_IT_WAS
from tests.decisions.fixed_services import services_at
from tests.decisions.output.test_html import only
from tests.decisions.stories import ALL_DOCUMENTS, StoryDocuments
from tests.plain_run import only_long
from workflow.services.paper_audit import audit_paper

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = shutil.which("chromium")
CHROMIUM_OPTIONS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=20000",
)  # fmt: skip
PAGE_SCRIPT = """
const page = document.documentElement.cloneNode(true);
page.querySelectorAll("script").forEach((script) => script.remove());
const narrow = () => new Promise((resolve) => {
  const frame = document.createElement("iframe");
  frame.style = "width: 320px; height: 480px; border: 0";
  frame.onload = () => {
    const inside = frame.contentDocument;
    const lines = (cell) => {
      const range = inside.createRange();
      range.selectNodeContents(cell);
      return range.getClientRects().length;
    };
    const heads = [...inside.querySelectorAll(".columns th")].filter((cell) => !/\\s/.test(cell.textContent));
    resolve({width: inside.documentElement.scrollWidth, broken: heads.filter((cell) => lines(cell) > 1).length});
  };
  frame.srcdoc = page.outerHTML;
  document.body.append(frame);
});
axe.run(document).then(async ({violations, incomplete, passes}) => {
  const describe = (rules) => rules.map(({id, nodes}) => [id, nodes.map(({html}) => html)]);
  const fetched = performance.getEntriesByType("resource").length;
  const found = {
    violations: describe(violations), incomplete: describe(incomplete), passes: passes.length, fetched,
    ...await narrow(),
  };
  const place = document.createElement("pre");
  place.id = "found";
  place.textContent = JSON.stringify(found);
  document.body.append(place);
});
"""
NARROW = 320

pytestmark = pytest.mark.skipif(
    CHROMIUM is None or not AXE.exists(), reason="a browser or axe-core is not here; make browser installs both"
)


def inspect_page(page: str, folder: Path) -> dict[str, Any]:
    """Return what axe-core finds on a page, how much it fetched, and its width and broken heads on a narrow screen."""
    assert page.count("</body>") == 1
    file = folder / "page.html"
    scripts = f"<script>{AXE.read_text(encoding='utf-8')}</script><script>{PAGE_SCRIPT}</script></body>"
    file.write_text(page.replace("</body>", scripts), encoding="utf-8")
    dump = subprocess.run(
        [str(CHROMIUM), *CHROMIUM_OPTIONS, f"--user-data-dir={folder / 'profile'}", "--dump-dom", file.as_uri()],
        capture_output=True, text=True, check=True, timeout=120,
    ).stdout  # fmt: skip
    found = re.search(r'<pre id="found">(.*?)</pre>', dump, re.DOTALL)
    assert found, "axe-core gave no result"
    result: dict[str, Any] = json.loads(unescape(found[1]))
    return result


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> StoryDocuments:
    return StoryDocuments(tmp_path_factory.mktemp("stories"))


@pytest.mark.parametrize(
    ("scheme", "kind", "part"), [*ALL_DOCUMENTS[::3], *only_long(*ALL_DOCUMENTS[1::3], *ALL_DOCUMENTS[2::3])]
)
def test_axe_finds_no_violation_and_nothing_undecided(
    stories: StoryDocuments, tmp_path: Path, scheme: str, kind: str, part: int
) -> None:
    page = stories.render(scheme, kind, part, "html").decode()
    assert "<script" not in page
    found = inspect_page(page, tmp_path)
    assert (found["violations"], found["incomplete"]) == ([], [])
    assert found["passes"] >= 15
    assert found["fetched"] == 0
    assert found["width"] <= NARROW, "a narrow screen must not need sideways scrolling (WCAG 1.4.10)"
    assert not found["broken"], "the head of a table is broken within a word on a narrow screen"


def test_the_report_of_an_audit_is_accessible_too(tmp_path: Path) -> None:
    services = services_at(tmp_path / "assent.db")
    report = AuditReport(date(2018, 5, 1), show_all=True)
    report.take(audit_paper(services, AS_IT_WAS.read_bytes(), "PCD 361", date(2018, 5, 1)))
    page = html.render_html(report.build(RecordState(0, "")))
    result = inspect_page(page, tmp_path)
    assert (result["violations"], result["incomplete"], result["fetched"]) == ([], [], 0)
    assert (result["width"] <= NARROW, result["broken"]) == (True, 0)


def test_a_page_too_wide_for_a_narrow_screen_is_noticed(tmp_path: Path) -> None:
    page = html.render_html(sample.decided_document()).replace("<main>", '<main><p style="width: 400px">Wide.</p>')
    assert inspect_page(page, tmp_path)["width"] > NARROW


def test_table_heads_broken_within_a_word_are_noticed(tmp_path: Path) -> None:
    head = tuple(map(Cell, ("Responsibilities", "Characteristics", "Interoperability", "Telecommunications")))
    page = html.render_html(only(Table(head, (head,))))
    assert inspect_page(page, tmp_path)["broken"] == 0
    broken = page.replace("overflow-wrap: break-word }", "overflow-wrap: anywhere }")
    assert inspect_page(broken, tmp_path)["broken"] == len(head)


@pytest.mark.parametrize(
    ("original", "replacement", "rule"),
    [
        ('<html lang="en-GB"', "<html", "html-has-lang"),
        ("<h2", "<h6", "heading-order"),
        ("<dt>", "<dd>", "definition-list"),
    ],
)
def test_axe_notices_a_fault(tmp_path: Path, original: str, replacement: str, rule: str) -> None:
    page = html.render_html(sample.decided_document())
    assert original in page
    found = inspect_page(page.replace(original, replacement), tmp_path)
    assert rule in {name for name, _ in found["violations"]}
