"""A file of days as it is written, for the manual and for editors.

`rules.values.calendar` reads such files, and says itself what is wrong in them; a test holds the two together.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rules.language.dated_values import Day
from rules.values.calendar import FIRST_YEAR, LAST_YEAR
from rules.values.citation import Citation, Declaration


class CoveredYears(Declaration, title="Years covered"):
    """The first and the last year whose holidays the file lists."""

    first: int = Field(alias="from", ge=FIRST_YEAR, le=LAST_YEAR, description="The first year.")
    last: int = Field(alias="to", ge=FIRST_YEAR, le=LAST_YEAR, description="The last year.")


class Holiday(Declaration, title="Holiday"):
    """One day that is not a working day."""

    day: Day = Field(description="The day.")
    name: str = Field(min_length=1, description="Its name, as findings print it.")
    special: bool = Field(default=False, description="`true` for a day that was appointed for one year only.")
    fixed_by: Literal["law", "custom"] | None = Field(
        default=None,
        description="Why a day that nobody has announced yet is listed. `law`: an Act or the common law fixes it. "
        "`custom`: it is appointed in the same way every year, so it is only expected. Left out, it was announced.",
    )


class DaysFile(Declaration, title="Days"):
    """The bank holidays of one division: every Monday to Friday that is not listed is a working day."""

    division: str = Field(min_length=1, description="The name of the division.")
    title: str = Field(min_length=1, description="Its name, as people read it.")
    citation: Citation = Field(description="Which law or notice fixes the days.")
    sources: tuple[Citation, ...] = Field(default=(), description="Where the days were read.")
    covers: CoveredYears = Field(description="The years for which all holidays are listed.")
    holidays: tuple[Holiday, ...] = Field(description="The days, besides Saturdays and Sundays.")
    elsewhere: tuple[Holiday, ...] = Field(
        default=(),
        description="Bank holidays of other parts of the country that are none here, for law that counts those of any "
        "part. Left out, nothing is counted by them.",
    )
