"""The scripts of three people who each take a first case from an empty folder to publication.

They read `--help` and the tutorial alone. A script is the commands that they type and the file of officers; what they
answer is the paper of their page. `{paper}` stands for the file of the paper, and the way in is put in front: by
interview or by Word form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Way = Literal["interview", "word"]
"""How the paper is written: at the terminal, or in Word. The pages of the tutorial show it as a text file."""
_SUFFIXES = {"interview": "yaml", "word": "docx"}


@dataclass(frozen=True)
class FirstCase:
    """One script: the store, then the paper made by `new` and opened by `opening`, then the `acts`.

    `page` is the tutorial, and `answers` the name of the paper on it.
    """

    scheme: str
    page: str
    answers: str
    officers: str
    store: str
    new: str
    opening: str
    acts: str

    def commands_before(self) -> list[str]:
        """Return the commands that make the store."""
        return _split(self.store)

    def command_for_new_paper(self, way: Way) -> str:
        """Return the command that makes the paper, or asks for it; an interview also opens the case."""
        words = f"{self.new} --output paper.{_SUFFIXES[way]}"
        return f"{words} --interview" if way == "interview" else words

    def commands_after(self, way: Way) -> list[str]:
        """Return the commands after the paper is written."""
        opening = [] if way == "interview" else _split(self.opening.format(paper=f"paper.{_SUFFIXES[way]}"))
        return [*opening, *_split(self.acts)]

    def all_commands(self, way: Way) -> list[str]:
        """Return every command of a way, with the lines of each as they are typed."""
        return [*self.commands_before(), self.command_for_new_paper(way), *self.commands_after(way)]

    def count_typed_lines(self, way: Way) -> int:
        """Return how many lines are typed for commands and officers, without the answers of the paper."""
        return sum(len(command.splitlines()) for command in self.all_commands(way)) + len(self.officers.splitlines())


def _split(text: str) -> list[str]:
    """Return the commands of a text, each with the lines that a backslash continues."""
    commands: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if commands and commands[-1].endswith("\\"):
            commands[-1] += f"\n{line}"
        else:
            commands.append(line)
    return commands


MOPAC = FirstCase(
    scheme="mopac",
    page="first-case.md",
    answers="my-case.yaml",
    officers="""\
Ada Author: author
Pat Chair: pib_chair
Ian Board: iab_chair
Una Head: head_of_unit
Cleo Chief: chief_executive
Dee Mayor: dmpc
Gus Clerk: governance
""",
    store="""
        assent scheme show mopac
        assent init --founder "Fay Founder" --on "2 January 2024"
        assent officer add --file officers.yaml --scheme mopac --as "Fay Founder" --on "2 January 2024"
    """,
    new="assent case new --scheme mopac --as ada-author --on 2024-03-04",
    opening="assent case open {paper} --scheme mopac --as ada-author --on 2024-03-04",
    acts="""
        assent case next MOPAC-2024-1 --on 2024-03-04
        assent case act MOPAC-2024-1 submit --as ada-author --on 2024-03-04
        assent case act MOPAC-2024-1 pib-support --as pat-chair --on 2024-03-12
        assent case act MOPAC-2024-1 iab-support --as ian-board --on 2024-03-26
        assent case explain MOPAC-2024-1 declare --on 2024-04-02
        assent case act MOPAC-2024-1 declare --as una-head --on 2024-04-02 --set declaration.finance=yes \\
            --set declaration.legal=taken --set declaration.financial_advice=yes --set declaration.equalities=yes
        assent case act MOPAC-2024-1 certify --as cleo-chief --on 2024-04-08 --set certificate.advice_considered=yes
        assent case explain MOPAC-2024-1 approve --on 2024-04-12
        assent case act MOPAC-2024-1 approve --as dee-mayor --on 2024-04-12 --set decision.reference="PCD 1600" \\
            --set interests.considered=yes --set interests.declared=none
        assent case act MOPAC-2024-1 publish --as gus-clerk --on 2024-04-19
        assent document render --all -o published --on 2024-04-19
    """,
)

GLA = FirstCase(
    scheme="gla",
    page="first-case-gla.md",
    answers="wharf.yaml",
    officers="""\
Noor Drafter: author
Dev Director: sponsor
Kit Staff: chief_of_staff
May Mayor: mayor
Gita Clerk: governance
""",
    store="""
        assent scheme show gla
        assent init --founder "Fay Founder" --on 2019-01-07
        assent officer add --file officers.yaml --scheme gla --as fay-founder --on 2019-01-07
    """,
    new="assent case new --scheme gla --as noor-drafter --on 2019-03-04",
    opening="assent case open {paper} --scheme gla --as noor-drafter --on 2019-03-04",
    acts="""
        assent case next GLA-2019-1 --on 2019-03-04
        assent case act GLA-2019-1 submit --as noor-drafter --on 2019-03-04
        assent case explain GLA-2019-1 declare --on 2019-03-11
        assent case act GLA-2019-1 declare --as dev-director --on 2019-03-11 --set declaration.reviewed=yes \\
            --set declaration.advice=yes
        assent case explain GLA-2019-1 certify --on 2019-03-18
        assent case act GLA-2019-1 certify --as kit-staff --on 2019-03-18 --set certificate.appropriate=yes
        assent case explain GLA-2019-1 approve --on 2019-03-25
        assent case act GLA-2019-1 approve --as may-mayor --on 2019-03-25 --set decision.reference=MD9001 \\
            --set interests.considered=yes --set interests.declared=none
        assent case act GLA-2019-1 publish --as gita-clerk --on 2019-03-26
        assent document render --all -o published --on 2019-03-26
    """,
)

LFC = FirstCase(
    scheme="lfc",
    page="first-case-lfc.md",
    answers="ladders.yaml",
    officers="""\
Ola Author: author
Bea Board: board_chair
Rae Chair: resilience_chair
Cal Chair: gla_board_chair
Dua Deputy: deputy_mayor
Finn Commissioner: commissioner
Gil Clerk: governance
""",
    store="""
        assent scheme show lfc
        assent init --founder "Fay Founder" --on 2024-01-02
        assent officer add --file officers.yaml --scheme lfc --as fay-founder --on 2024-01-02
    """,
    new="assent case new --scheme lfc --as ola-author --on 2024-03-04",
    opening="assent case open {paper} --scheme lfc --as ola-author --on 2024-03-04",
    acts="""
        assent case next LFC-2024-1 --on 2024-03-04
        assent case act LFC-2024-1 submit --as ola-author --on 2024-03-04
        assent case act LFC-2024-1 board-support --as bea-board --on 2024-03-11
        assent case act LFC-2024-1 resilience-support --as rae-chair --on 2024-03-18
        assent case act LFC-2024-1 gla-board-support --as cal-chair --on 2024-03-25
        assent case explain LFC-2024-1 approve-prior --on 2024-04-08
        assent case act LFC-2024-1 approve-prior --as dua-deputy --on 2024-04-08 \\
            --set prior_approval.reference=DMFD9001 --set prior_approval.interests=none
        assent case explain LFC-2024-1 decide --on 2024-04-15
        assent case act LFC-2024-1 decide --as finn-commissioner --on 2024-04-15 --set decision.reference=LFC-9001 \\
            --set interests.considered=yes --set interests.declared=none
        assent case act LFC-2024-1 publish --as gil-clerk --on 2024-04-22
        assent document render --all -o published --on 2024-04-22
    """,
)
