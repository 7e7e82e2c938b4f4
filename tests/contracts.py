"""What Podium relies on in a library that does not promise to keep it, as cases of a test."""

import importlib
import inspect
import re
from collections.abc import Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import podium
import podium_server

SOURCES = (Path(podium.__file__).parent, Path(podium_server.__file__).parent)


class Relied(NamedTuple):
    """What relies on something, and the parameters by which it is called."""

    what: str
    named: str = ""


class Contract(NamedTuple):
    """What is relied on, by ``module:name``, and the files of Podium that alone know of it."""

    library: str
    fences: tuple[str, ...]
    relied: Mapping[str, Relied]

    @property
    def see(self) -> str:
        return f"see {' and '.join(self.fences)}"

    def check(self, place: str) -> None:
        """Fail in a sentence if the library has not what is relied on, or takes it otherwise."""
        module, _, name = place.partition(":")
        relied = self.relied[place]
        try:
            found: Any = attrgetter(name)(importlib.import_module(module))
        except (ImportError, AttributeError):
            found = None
        missing = f"{self.library} no longer has {place}, on which relies {relied.what}"
        assert found is not None, f"{missing}: {self.see}"
        if relied.named:
            self.check_parameters(found, place, relied)

    def check_parameters(self, function: Any, place: str, relied: Relied) -> None:  # noqa: ANN401
        """Fail in a sentence if ``function`` does not take what it is called with."""
        parameters = inspect.signature(function).parameters
        takes_any = any(it.kind is it.VAR_KEYWORD for it in parameters.values())
        refused = [it for it in relied.named.split() if it not in parameters and not takes_any]
        changed = f"{place} of {self.library} no longer takes {refused}"
        assert not refused, f"{changed}, on which relies {relied.what}: {self.see}"

    def strangers(self, pattern: str) -> list[str]:
        """Return the files outside of the fences in which a pattern is found, on any line."""
        files = [it for source in SOURCES for it in source.rglob("*.py")]
        outside = [it for it in files if not str(it).endswith(self.fences)]
        return [str(it) for it in outside if re.search(pattern, it.read_text(), re.MULTILINE)]
