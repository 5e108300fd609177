"""Decisions in the manner of each era, written for these tests: no word of them was published by anybody."""

from __future__ import annotations

import io
from functools import cache

import docx
from docx.document import Document as WordDocument

MENU = '<nav><ul><li>Home</li><li>Decisions</li></ul></nav><script>var reference = "PCD 9999";</script>'
FOOTER = "<h2>Share this page</h2><p>Reference code: PCD 9998</p><footer><p>Cookies</p></footer>"


def page(body: str, head: str = '<meta charset="utf-8">') -> bytes:
    """Return a page with a menu and a foot, one paragraph on each line."""
    for tag in ("p", "h1", "h2", "h3", "li"):
        body = body.replace(f"</{tag}>", f"</{tag}>\n")
    head = f"<head>{head}<title>A page</title></head>"
    return f"<!DOCTYPE html><html>{head}<body>{MENU}<main>{body}</main>{FOOTER}</body></html>".encode()


def field(label: str, value: str) -> str:
    return f'<div class="field"><div class="label">{label}:&nbsp;</div><div class="item">{value}</div></div>'


PAGE_2015 = page(
    "<h1>Kennels for police dogs</h1>"
    + field("Reference code", "DMPCD 2015 77")
    + field("Date signed", "14 July 2015")
    + field("Authorisation name", "Terence Blake (past staff), Deputy Mayor for Policing and Crime")
    + "<h2>Executive summary</h2><p>The kennels leak. New roofs cost £240,000, and the work takes one summer.</p>"
    "<p>The DMPC is asked to approve new roofs for the kennels at a cost of £240,000.</p>"
    "<h2>Non-confidential facts and advice to the Deputy Mayor for Policing and Crime (DMPC)</h2>"
    "<p>1. Introduction and background</p><p>1.1 The kennels were built in 1961.</p>"
    "<p>2. Issues for consideration</p><p>2.1 Dogs are moved in two groups. See the exempt report.</p>"
    "<p>3. Financial Comments</p><p>3.1 The roofs are paid for from the repairs budget.</p>"
)

PAGE_2016 = page(
    "<h1>Radios for the river unit</h1><h2>Key information</h2>"
    "<p><strong>Reference code:</strong> PCD 142</p><p>Date signed: 03 March 2017</p>"
    "<p>Decision by: Anna Webb (Past staff), Deputy Mayor, Policing and Crime</p>"
    "<h2>Executive summary</h2><p>The radios of the river unit wear out. New ones cost up to £310,000.</p>"
    "<h2>Recommendation</h2><p>That the DMPC:</p>"
    "<ol><li>Approves the award of a contract to Tideway Radio Ltd in the sum of £310,000</li>"
    "<li>Approve a contingency of £15,500</li>"
    "<li>Delegates the signing of the contract to the Director of Boats</li></ol>"
    "<p>And to note:</p><ul><li>that the old radios are sold</li></ul>"
    "<h2>Non-confidential facts and advice to the Deputy Mayor for Policing and Crime (DMPC)</h2>"
    "<h3>Introduction and background</h3><p>The river unit has forty radios.</p>"
    "<h3>Issues for consideration</h3><p>Salt water is hard on radios.</p>"
    "<h3>Financial Comments</h3><p>The cost is met from the fleet budget.</p>"
    "<h3>Legal Comments</h3><p>Regulation 33 was followed.</p>"
    "<h3>Equality Comments</h3><p>There are no equality issues.</p>"
    "<h3>Background/supporting papers</h3><p>None.</p>"
    "<h2>Signed decision document</h2><p>radios.pdf</p>"
)

PAGE_2021 = page(
    "<h1>PCD 1611 Boilers at Hill Street</h1><h2>Key information</h2>"
    "<p>Reference code: PCD 1611</p><p>Date signed:</p><p>Decision by: Anna Webb, Deputy Mayor, Policing and Crime</p>"
    "<p>PCD 1611 Boilers at Hill Street</p><p>PCD 1611 Boilers at Hill Street</p>"
    "<p>The boilers at Hill Street are thirty years old. This paper asks for two new ones.</p>"
    "<p>Recommendation:</p><p>The Deputy Mayor for Policing and Crime is recommended to:</p>"
    "<ol><li>Approve two new boilers to the value of £98,000, to be paid for by:</li></ol>"
    "<ul><li>the capital programme</li><li>a grant for heat pumps</li></ul>"
    '<ol start="1"><li>Note that the work begins in May.</li></ol>'
    "<p>PART I - NON-CONFIDENTIAL FACTS AND ADVICE TO THE DMPC</p>"
    "<ol><li>Introduction and background</li></ol><ol><li>The boilers were put in when the station was built.</li></ol>"
    "<ol><li>GDPR and Data Privacy</li></ol><ol><li>No personal data is used.</li></ol>"
)

PAGE_2023 = page(
    "<h1>PCD 1702 Bicycles for wardens</h1><p>Reference code: PCD 1702</p><p>Date signed: 09 May 2024</p>"
    "<p>Decision by: Anna Webb (Past staff), Deputy Mayor for Policing and Crime</p>"
    "<p>Executive Summary: The wardens need sixty bicycles at £2,165,00.</p>"
    "<p>Recommendation:</p><p>The Deputy Mayor for Policing and Crime is asked to:</p>"
    "<p>(A)i. Approve the purchase of sixty bicycles</p><p>(A)ii. Approve sheds for them</p>"
    "<p>(B) Note that the wardens pay for lost locks</p>"
)

GLA_PAGE = page(
    "<h1>DD3141 Benches by the canal</h1><h2>Key information</h2><p>Decision type: Director</p>"
    "<p>Directorate: Good Growth</p><p>Reference code: DD3141</p><p>Date signed: 30 June 2023</p>"
    "<p>Date published: 03 July 2023</p><p>Decision by: Lee Marsh, Executive Director, Good Growth</p>"
    "<h2>Executive summary</h2><p>Benches are to be put along the canal.</p>"
    "<h2>Decision</h2><p>The Executive Director of Good Growth approves:</p>"
    "<p>i. expenditure of up to £31,500 on benches</p><p>ii. a competition for their design</p>"
    "<h2>Part 1: Non-confidential facts and advice</h2><h3>Introduction and background</h3>"
    "<p>1.1 The towpath was widened last year.</p><h3>Legal comments</h3><p>3.1 Section 30 of the Act applies.</p>"
)

LFC_PAGE = page(
    "<h1>DMFD301 Hoses</h1><h2>Key information</h2><p>Decision type: Deputy Mayor for Fire</p>"
    "<p>Reference code: DMFD301</p><p>Date signed:</p><p>Date published:</p>"
    "<p>Decision by: Cora Lane, Deputy Mayor, Fire and Resilience</p>"
    "<h2>Executive summary</h2><p>Old hoses burst. The sum is set out in Part Two of this report.</p>"
    "<h2>Decision</h2><p>That the Deputy Mayor for Fire and Resilience approves expenditure on hoses.</p>"
    "<h2>Part 1: Non-confidential facts and advice</h2><p>1.1 Each engine carries eight hoses.</p>"
)

SIGNED_FORM = """
<style>@page {{ size: A4 }} body {{ font-size: 11pt }} h1, h2, p, td {{ margin: 6pt 0 }}</style>
<p>Title: Horses for the park</p><h2>Executive Summary:</h2>
<p>The park has four horses and needs six, so that each of them rests on one day of the week, and this paper asks for
the money to buy and keep two more of them.</p>
<h2>Recommendation:</h2><p>The Deputy Mayor for Policing and Crime is recommended to:</p>
<p>1. Approve Option Two (buy two horses)</p><p>a. Approve the use of the stables fund for their keep</p>
<p>b. Note the price of hay</p><p>2. Note that the farrier was asked</p>
<h2>Deputy Mayor for Policing and Crime</h2>
<p>I confirm I have considered whether or not I have any personal or prejudicial interest in this matter.</p>
<p>The above request has my approval.</p><p>Signature</p><p>A Webb</p><p>Date</p><p>{signed}</p>
<h2>PART I - NON-CONFIDENTIAL FACTS AND ADVICE TO THE DMPC</h2><h2>Decision required – supporting report</h2>
<h2>1. Introduction and background</h2><p>1.1. The park police have ridden since 1872.</p>
<h2>2. Issues for consideration</h2><p>2.1. A tired horse stumbles.</p>
<h2>3. Financial Comments</h2><p>3.1. The cost is £24,000.</p>
<h2>4. Legal Comments</h2><p>4.1. There are none.</p>
<h2>Public access to information</h2>
<h2>Part 1 Deferral:</h2><p>Is the publication of Part 1 of this approval to be deferred? YES</p>
<p>If yes, for what reason: the sale is not agreed</p><p>Until what date: {deferred}</p>
<h2>Part 2 Confidentiality</h2><p>Is there a Part 2 form - YES</p>
<p>It would be likely to be exempt from disclosure under the following sections:</p>
<p>Section 40 and 43 – Personal data and Commercial Interests</p>
<p>Date at which Part 2 will cease to be confidential or when confidentiality should be reviewed: 07/03/2023</p>
<h2>ORIGINATING OFFICER DECLARATION</h2><table>
<tr><td>The Chief Finance Officer has reviewed the request and is satisfied it is correct.</td><td>√</td></tr>
<tr><td>Legal Advice: Legal advice is not required.</td><td>v</td></tr>
<tr><td>Equalities Advice: Equality and diversity issues are covered in the body of the report</td><td></td></tr>
</table>
<h2>OFFICER APPROVAL</h2><h2>Chief Executive Officer</h2>
<p>I have been consulted about the proposal and confirm that financial, legal and equalities advice has been taken into
account in the preparation of this report.</p><p>Signature</p><p>R Olds</p><p>Date 11/04/18</p>
"""

MISREAD_FORM = """
<p>REQUEST FOR MAYORAL DECISlON - MD200B</p><p>Title: Lanterns for the bridge</p><h2>Executive surnmary</h2>
<p>The lanterns of the bridge are dark, and f24,000 would mend them.</p><h2>Decision</h2>
<p>That the Mayor approves new lanterns.</p><h2>Mayor of London</h2>
<p>I confirm that I do not have any disclosable pecuniary interests in the proposed decision.</p>
<p>The above request has my approva1</p><p>Signature</p><p>Date: 31/02/2019</p>
<h2>PART I - NON-CONFIDENTIAL FACES AND ADVICE</h2>
"""

FIRE_FORM = """
<p>Decision title</p><p>Ladders for two stations</p><p>Recommendation by</p><p>Director of Ladders</p>
<p>Decision Number</p><p>LFC-0512-D</p><p>Protective marking: NOT PROTECTIVELY MARKED</p>
<p>Publication status: Published in full</p><h2>Summary</h2><p>Two stations need ladders.</p>
<h2>Decision</h2><p>The London Fire Commissioner:</p><p>1. Approves six ladders</p><p>2. Notes the price of ash wood</p>
<h2>London Fire Commissioner</h2><p>Date 4 June 2019</p>
"""


@cache
def print_pdf(html: str) -> bytes:
    """Return a PDF with a text layer, as an office prints one."""
    from weasyprint import HTML

    data: bytes = HTML(string=html).write_pdf()
    return data


def signed_form(signed: str = "16/04/18", deferred: str = "1 June 2018") -> bytes:
    return print_pdf(SIGNED_FORM.format(signed=signed, deferred=deferred))


def scanned_pdf(pages: int = 1) -> bytes:
    """Return a PDF whose pages have no text, as a scan without OCR."""
    import pikepdf

    data = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(pages):
            pdf.add_blank_page()
        pdf.save(data)
    return data.getvalue()


def encrypted_pdf() -> bytes:
    """Return a PDF that opens with a password alone."""
    import pikepdf

    data = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed_form())) as pdf:
        pdf.save(data, encryption=pikepdf.Encryption(owner="owner", user="user"))
    return data.getvalue()


def word_form() -> WordDocument:
    """Return a decision form as a Word file, with a confidential part at its end."""
    form = docx.Document()
    form.add_paragraph("Title: Saddles")
    form.add_paragraph("PCD 377")
    form.add_heading("Executive Summary", 2)
    form.add_paragraph("The saddles are worn.")
    form.add_heading("Recommendation", 2)
    form.add_paragraph("The Deputy Mayor for Policing and Crime is asked to:")
    form.add_paragraph("Approve ten saddles", style="List Number")
    form.add_paragraph("Note the price of leather", style="List Number")
    form.add_heading("Deputy Mayor for Policing and Crime", 2)
    form.add_paragraph("The above request has my approval.")
    form.add_paragraph("Signature")
    form.add_paragraph("Date 20 June 2018")
    form.add_heading("ORIGINATING OFFICER DECLARATION", 2)
    row = form.add_table(1, 2).rows[0]
    row.cells[0].text, row.cells[1].text = "Legal Advice: Legal advice is not required.", "√"
    form.add_heading("OFFICER APPROVAL", 2)
    form.add_heading("PART 2 – CONFIDENTIAL FACTS AND ADVICE TO THE DMPC", 1)
    form.add_paragraph("The saddler asks for £7,412, and Section 43 applies.")
    return form


def save(form: WordDocument) -> bytes:
    data = io.BytesIO()
    form.save(data)
    return data.getvalue()
