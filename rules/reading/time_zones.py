"""Time zones by their names in the time zone database, such as `Europe/Paris`.

The database is that of the machine, or of the package `tzdata` where the machine has none.
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from functools import lru_cache

from rules.errors import InputError
from rules.values.suggestions import did_you_mean
from rules.values.text import quote


@lru_cache(maxsize=64)
def load_time_zone(name: str) -> tzinfo:
    """Return a time zone; raise `InputError` with the closest name if there is none of that name."""
    import zoneinfo  # slow to import, and few commands need it

    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # a folder or a path is no zone, either
        advice = did_you_mean(name, sorted(zoneinfo.available_timezones())) or "Write it as Europe/Paris."
        raise InputError(f"{quote(name, 60)} is not a time zone", advice) from None


def day_in_zone(instant: datetime, name: str) -> date:
    """Return the day that it is in a time zone at an instant."""
    return instant.astimezone(load_time_zone(name)).date()
