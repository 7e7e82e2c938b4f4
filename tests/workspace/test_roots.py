"""A checkout's directory in what programs write of it."""

from pathlib import Path

import pytest

from podium.workspace.roots import Roots

TREE = Path("/state dir/é/run-1.T1.base")
FORMS = {
    "a file": ("at /state dir/é/run-1.T1.base/src/a.py:3", "at src/a.py:3"),
    "itself": ("1. /state dir/é/run-1.T1.base (first-party)", "1. ./ (first-party)"),
    "at the end of a sentence": ("in /state dir/é/run-1.T1.base.", "in ./."),
    "quoted": ("'/state dir/é/run-1.T1.base'", "'./'"),
    "with a slash": ("'/state dir/é/run-1.T1.base/'", "'./'"),
    "glued": ("-I/state dir/é/run-1.T1.base/include", "-Iinclude"),
    "a URI": ("file:///state%20dir/%C3%A9/run-1.T1.base/a%20b.py#L3", "a%20b.py#L3"),
    "a URI in other letters": ("file:/state%20dir/%c3%a9/run%2d1.T1.base/a.py", "a.py"),
    "a URI of a host": ("file://localhost/state%20dir/é/run-1.T1.base", "./"),
    "an escaped URI": (
        "x?uri=file%3A%2F%2F%2Fstate%20dir%2F%C3%A9%2Frun-1.T1.base%2Fa.py",
        "x?uri=a.py",
    ),
    "JSON": (r"\/state dir\/é\/run-1.T1.base\/a.py", "a.py"),
    "twice": ("/state dir/é/run-1.T1.base:/state dir/é/run-1.T1.base/a", "./:a"),
    "another directory": ("/state dir/é/run-1.T1.base2/a.py", None),
    "another with a suffix": ("/state dir/é/run-1.T1.base.old/a.py", None),
    "nothing": ("src/a.py: bad", None),
}


@pytest.mark.parametrize(("text", "expected"), FORMS.values(), ids=FORMS)
def test_forms_of_a_path(text: str, expected: str | None) -> None:
    assert Roots(TREE).relative(text) == (text if expected is None else expected)


def test_links_are_resolved(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    roots = Roots(tmp_path / "link")
    assert roots.relative(f"{tmp_path}/link/a.py {tmp_path}/real/a.py") == "a.py a.py"


def test_the_private_directory_of_a_process() -> None:
    said = "file:///private/x1/home/.cache/a, /private/x1/tmp, /private/x1, /private/x12"
    assert Roots(TREE, Path("/private/x1")).relative(said) == (
        "<private>/home/.cache/a, <private>/tmp, <private>/, /private/x12"
    )
