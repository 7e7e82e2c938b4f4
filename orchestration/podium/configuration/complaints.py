"""What is wrong in a configuration file, worded so that one edit fixes it."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import cast, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from podium.configuration.models import Configuration
from podium.errors import UserError


class ConfigurationError(UserError):
    """A configuration file cannot be used."""

    def __init__(self, path: Path, wrong: str, remedy: str) -> None:
        self.path = path
        super().__init__(f"{shown(path)}: {wrong}; {remedy}")


def shown(path: Path) -> str:
    """Return a path on one line, whatever characters are in it."""
    text = str(path)
    return text if text.isprintable() else repr(text)


def of_validation(path: Path, error: ValidationError) -> ConfigurationError:
    """Return the first of pydantic's complaints, as a user reads it."""
    details = error.errors(include_url=False, include_context=False)
    first = details[0]
    key = _dotted(first["loc"])
    if first["type"] == "extra_forbidden":
        return unknown(path, key, str(first["loc"][-1]), _fields_at(first["loc"][:-1]))
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    return ConfigurationError(
        path, f"{key} {_wrong(first)}{more}", "docs/configuration.md lists each key"
    )


def unknown(path: Path, key: str, name: str, known: Iterable[str]) -> ConfigurationError:
    """Return the complaint about a name that means nothing, with the nearest that does."""
    names = list(known)
    near = get_close_matches(name, names, n=1)
    remedy = f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(sorted(names))}"
    return ConfigurationError(path, f"{key}: {name!r} is not known", remedy)


def _wrong(detail: ErrorDetails) -> str:
    message = detail["msg"][:1].lower() + detail["msg"][1:]
    try:
        given = f"{detail['input']!r:.80}"
    except ValueError:  # Python writes no integer of more than 4,300 digits.
        given = "a number of too many digits"
    return f"is {given}, but {message}"


def _dotted(location: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in location if part != "[key]"]
    return ".".join(f'"{part}"' if "." in part or "/" in part else part for part in parts)


def _fields_at(location: tuple[int | str, ...]) -> list[str]:
    """Return the keys that the table at ``location`` may have."""
    model: type[BaseModel] = Configuration
    for part in location:
        field = model.model_fields.get(str(part))
        if field is None:  # A name of the user's own, as in `providers.openai`.
            continue
        annotation = cast("object", field.annotation)
        candidates = (annotation, *cast("tuple[object, ...]", get_args(annotation)))
        model = next(
            (it for it in candidates if isinstance(it, type) and issubclass(it, BaseModel)), model
        )
    return list(model.model_fields)
