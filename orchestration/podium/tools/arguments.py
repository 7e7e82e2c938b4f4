"""Read the arguments that a model sent; say what is wrong so that it can mend it."""

import json
from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from podium.domain.base import Frozen
from podium.errors import ToolRetry

Input = TypeVar("Input", bound=Frozen)
MAX_COMPLAINTS = 5


def read_arguments(tool: str, kind: type[Input], text: str) -> Input:
    """Return ``text`` as the tool's input.

    Raises:
        ToolRetry: It is not JSON, not an object, or does not fit the schema.
    """
    try:
        return kind.model_validate_json(text.strip() or "{}")
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        raise ToolRetry(_explain(tool, text, details)) from None


def _explain(tool: str, text: str, details: list[ErrorDetails]) -> str:
    if details[0]["type"] == "json_invalid":
        return (
            f"the arguments of `{tool}` are not JSON ({details[0]['msg']}; {_nearby(text)}); "
            "nothing was done; send the whole call again with one JSON object"
        )
    shown = "; ".join(_complaint(it) for it in details[:MAX_COMPLAINTS])
    more = len(details) - MAX_COMPLAINTS
    rest = f"; and {more} more" if more > 0 else ""
    return f"the arguments of `{tool}` do not fit: {shown}{rest}; nothing was done; send it again"


def _nearby(text: str) -> str:
    """Return the text around the place where it stops being JSON."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"near {text[max(0, error.pos - 30) : error.pos + 10]!r}"
    except RecursionError:
        return "nested too deep"
    return f"it ends with {text[-30:]!r}"  # JSON to Python, but not to pydantic: a lone surrogate.


def _complaint(detail: ErrorDetails) -> str:
    where = ".".join(str(part) for part in detail["loc"]) or "the whole"
    what = detail["msg"][:1].lower() + detail["msg"][1:]
    if detail["type"] in {"missing", "extra_forbidden"}:
        return f"{where}: {what}"
    return f"{where}: {what} (got {str(detail['input'])[:60]!r})"
