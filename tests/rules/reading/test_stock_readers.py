"""Other programs read the shipped YAML with a stock reader, and get the same data.

PyYAML's own parser is stricter than libyaml: it ends a plain scalar in a flow collection at a question mark.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from rules.reading.yaml_reader import read_yaml

ROOT = Path(__file__).parents[3]
FILES = sorted([*(ROOT / "rules" / "data").rglob("*.yaml"), *(ROOT / "decisions" / "examples").glob("*.yaml")])


def without_flag_keys(data: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """Return data with the key `on` as text: stock readers of YAML 1.1 take it for a flag."""
    if isinstance(data, dict):
        return {"on" if key is True else key: without_flag_keys(value) for key, value in data.items()}
    return [without_flag_keys(each) for each in data] if isinstance(data, list) else data


def typed(data: Any) -> Any:  # noqa: ANN401 - whatever a file holds
    """Return data that differs where a flag, a number, a day and a text look alike."""
    if isinstance(data, dict):
        return {key: typed(value) for key, value in data.items()}
    return [typed(each) for each in data] if isinstance(data, list) else (type(data), data)


@pytest.mark.parametrize("path", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
def test_a_stock_reader_reads_the_same_data(path: Path) -> None:
    text = path.read_bytes()
    assert typed(without_flag_keys(yaml.safe_load(text))) == typed(read_yaml(text, path.name).data)


def test_a_question_in_a_flow_mapping_must_be_quoted() -> None:
    with pytest.raises(yaml.YAMLError):
        yaml.safe_load("{label: Is it so?}")
    assert yaml.safe_load('{label: "Is it so?"}') == {"label": "Is it so?"}
