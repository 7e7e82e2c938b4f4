"""Which workspace a command is about."""

import argparse
from pathlib import Path

from podium.errors import UserError


def add_workspace(parser: argparse.ArgumentParser) -> None:
    """Take ``--workspace``."""
    parser.add_argument(
        "--workspace",
        type=Path,
        metavar="DIR",
        help="the root of a Git repository; by default the one around the current directory",
    )


def find_workspace(args: argparse.Namespace) -> Path:
    """Return the root of the repository that ``--workspace`` or the current directory means.

    Raises:
        UserError: There is none.
    """
    if args.workspace is not None:
        return _checked(args.workspace.absolute())
    here = Path.cwd()
    for directory in (here, *here.parents):
        if (directory / ".git").exists():
            return directory
    message = _bare(here) or (
        f"{str(here)!r} is not inside a Git repository; "
        "go to one, name one with --workspace, or make one with `git init`"
    )
    raise UserError(message)


def _checked(root: Path) -> Path:
    if not root.is_dir():
        message = f"{str(root)!r} is not a directory; name the root of a Git repository"
        raise UserError(message)
    if not (root / ".git").exists():
        message = _bare(root) or (
            f"{str(root)!r} is not the root of a Git repository; name one, or run `git init` there"
        )
        raise UserError(message)
    return root


def _bare(directory: Path) -> str:
    """Return what to say of a bare repository, nothing when ``directory`` is none."""
    if all((directory / it).exists() for it in ("HEAD", "objects", "refs")):
        return f"{str(directory)!r} is a bare repository; open a clone of it that has files"
    return ""
