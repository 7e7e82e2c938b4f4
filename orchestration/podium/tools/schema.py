"""A tool's input as the JSON schema that a provider is told: as few characters as possible.

Every character here is paid for with each turn, and some providers know no ``$ref``.
So references are put inline, and what only decorates (titles, classes' docstrings, empty
defaults, ``additionalProperties``) is left out; our own validation stays as strict as it is.
"""

from collections.abc import Mapping
from typing import cast

from pydantic import BaseModel

from podium.domain.transcript import ToolSchema

Json = dict[str, object]
_DECORATION = frozenset({"title", "additionalProperties", "$defs"})


def compact_schema(model: type[BaseModel]) -> Json:
    """Return the schema of ``model``, inline and bare."""
    whole = cast("Json", model.model_json_schema())
    definitions = cast("Json", whole.get("$defs", {}))
    schema = _object(whole, definitions)
    schema.pop("description", None)
    return schema


def _object(node: Mapping[str, object], definitions: Json) -> Json:
    if "$ref" in node:
        name = str(node["$ref"]).rpartition("/")[2]
        target = _object(cast("Json", definitions[name]), definitions)
        target.pop("description", None)
        return target | {key: value for key, value in node.items() if key == "description"}
    bare: Json = {}
    for key, value in node.items():
        if key == "properties":
            fields = cast("dict[str, Json]", value)
            bare[key] = {name: _object(field, definitions) for name, field in fields.items()}
        elif key not in _DECORATION and not (key == "default" and value in ("", [], False)):
            bare[key] = (
                _object(cast("Json", value), definitions) if isinstance(value, dict) else value
            )
    return bare


def tool_schema(name: str, description: str, model: type[BaseModel]) -> ToolSchema:
    """Return the tool as a provider is told of it."""
    return ToolSchema(name=name, description=description, parameters=compact_schema(model))
