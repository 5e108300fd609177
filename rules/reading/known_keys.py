"""Find which keys a model knows at a place, so that a mistyped key gets a suggestion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel


def known_keys(model: type[BaseModel], path: tuple[str | int, ...]) -> list[str]:
    """Return the keys that may stand beside the one at a path, as YAML writes them; none if no model is there."""
    models: list[type[BaseModel]] = [model]
    for step in path[:-1]:
        models = [inner for outer in models for inner in _models_at(outer, step)]
    return list(dict.fromkeys(key for each in models for key in _fields_by_key(each)))


def _fields_by_key(model: type[BaseModel]) -> Mapping[str, Any]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models_at(model: type[BaseModel], step: str | int) -> Iterator[type[BaseModel]]:
    """Yield the models under a key; under the name of an entry, or its place in a list, the model itself."""
    annotations = _fields_by_key(model)
    if step in annotations:
        yield from _models_in(annotations[str(step)])
    else:
        yield model


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 - any annotation of a field
    """Yield the models that the type of a key names."""
    if isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
