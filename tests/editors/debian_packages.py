"""Debian packages unpacked into a folder, without root and without touching the system's apt.

The mirror is the one that the machine's own sources name.
"""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from editors.editor_cache import UnavailableError, need, run_step

_KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_FIELDS = "$(REPO_URI)|$(RELEASE)|$(COMPONENT)"


@dataclass(frozen=True, slots=True)
class Source:
    """One place that packages come from."""

    uri: str
    suite: str
    component: str

    def line(self) -> str:
        """Return it as a line of a sources.list."""
        return f"deb [signed-by={_KEYRING}] {self.uri} {self.suite} {self.component}\n"


def configured_sources() -> tuple[Source, ...]:
    """Return the Debian sources that this machine uses.

    Raises:
        UnavailableError: It is not a Debian machine, or has no sources.
    """
    need("apt-get")
    need("dpkg")
    if not _KEYRING.exists():
        message = f"{_KEYRING} is missing: this is not Debian"
        raise UnavailableError(message)
    wanted = ["apt-get", "indextargets", "--format", _FIELDS, "Created-By: Packages"]
    rows = {tuple(row.split("|")) for row in run_step(wanted).splitlines()}
    codename = _codename()
    sources = tuple(
        Source(*row) for row in sorted(rows) if row[1].startswith(codename) and row[2] == "main"
    )
    if not sources:
        message = f"apt has no source for {codename!r}"
        raise UnavailableError(message)
    return sources


def next_release(suite: str) -> tuple[Source, ...]:
    """Return another release on the mirror that this machine uses for its own."""
    codename = _codename()
    for source in configured_sources():
        if source.suite == codename:
            return (Source(source.uri, suite, "main"),)
    message = f"apt has no source for {codename!r} itself"
    raise UnavailableError(message)


def unpack(
    packages: tuple[str, ...], sources: tuple[Source, ...], into: Path, *, whole: bool
) -> None:
    """Unpack packages and what they depend on.

    Args:
        packages: Names of Debian packages.
        sources: Where they come from.
        into: Becomes a root file system with what the packages hold.
        whole: Take every dependency down to libc; otherwise those that this machine lacks.

    Raises:
        UnavailableError: A package is not to be had.
    """
    with tempfile.TemporaryDirectory(prefix="podium-apt-") as scratch:
        apt = _private_apt(Path(scratch), sources, whole=whole)
        run_step([*apt, "update"])
        run_step(
            [*apt, "--yes", "--no-install-recommends", "--download-only", "install", *packages]
        )
        for package in sorted(Path(scratch).glob("archives/*.deb")):
            run_step(["dpkg", "-x", str(package), str(into)])


def _private_apt(scratch: Path, sources: tuple[Source, ...], *, whole: bool) -> list[str]:
    for folder in ("sources", "lists/partial", "archives/partial"):
        (scratch / folder).mkdir(parents=True)
    lines = "".join(source.line() for source in sources)
    (scratch / "sources" / "private.list").write_text(lines, "utf-8")
    options = {
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": scratch / "sources",
        "Dir::State::lists": scratch / "lists",
        "Dir::Cache::archives": scratch / "archives",
        "Dir::Cache::pkgcache": "",
        "Dir::Cache::srcpkgcache": "",
        "Acquire::Languages": "none",
        "Debug::NoLocking": "true",
        "APT::Sandbox::User": "",
    }
    if whole:
        (scratch / "status").touch()
        options["Dir::State::status"] = scratch / "status"
    chosen = [part for key, value in options.items() for part in ("-o", f"{key}={value}")]
    return ["apt-get", "-qq", *chosen]


def _codename() -> str:
    for line in Path("/etc/os-release").read_text("utf-8").splitlines():
        key, _, value = line.partition("=")
        if key == "VERSION_CODENAME":
            return value.strip('"')
    message = "/etc/os-release names no release"
    raise UnavailableError(message)
