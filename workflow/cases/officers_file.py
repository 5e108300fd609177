"""A file of officers: a YAML mapping of each name to a role, or to a list of roles.

```yaml
Ada Author: author
Fay Ford: [finance, legal]
```
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rules.errors import Fault, FileError, InputError
from rules.reading.yaml_reader import YamlFile, read_yaml

_WRONG_ROLES = "needs a role after the name, or several: Rosa Lee: [author, clerk]"


@dataclass(frozen=True, slots=True)
class OfficersFile:
    """The roles of each officer by name, as typed."""

    source: YamlFile
    roles: Mapping[str, tuple[str, ...]]

    def fault_of(self, name: str, error: InputError) -> Fault:
        """Return an error about one officer as a fault of the file, at its line."""
        return self.source.fault_at((name,), f"{error}. {error.advice()}".strip())


def read_officers_file(content: bytes, file_name: str) -> OfficersFile:
    """Return the officers of a file; raise `FileError` with every fault."""
    source = read_yaml(content, file_name, scalars_as_text=True)
    roles = {str(name): _read_roles(value) for name, value in source.data.items()}
    if faults := [source.fault_at((name,), _WRONG_ROLES) for name, named in roles.items() if not named]:
        raise FileError(faults)
    return OfficersFile(source, roles)


def _read_roles(value: object) -> tuple[str, ...]:
    """Return roles as typed; none if they are anything but a text or texts."""
    listed = value if isinstance(value, list) else [value]
    roles = tuple(role for role in listed if isinstance(role, str) and role.strip())
    return roles if len(roles) == len(listed) else ()
