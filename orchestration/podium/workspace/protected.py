"""Paths that no task may change, whatever its plan declares.

Each is read by a program that acts on it with the user's rights or secrets, so
a merged change to it would do more than the diff shows.
"""

from fnmatch import fnmatchcase

_DIRECTORIES = {
    ".git": "it is git's own",
    ".podium": "plans and configuration belong to people",
    ".github/workflows": "continuous integration runs it with secrets",
    ".github/actions": "continuous integration runs it with secrets",
    ".gitlab": "continuous integration runs it with secrets",
    ".circleci": "continuous integration runs it with secrets",
    ".buildkite": "continuous integration runs it with secrets",
    ".ssh": "it holds keys",
    ".gnupg": "it holds keys",
    ".aws": "it holds keys",
    ".husky": "git runs it as a hook",
    ".githooks": "git runs it as a hook",
    ".vscode": "an editor runs what it says",
    ".idea": "an editor runs what it says",
    ".devcontainer": "an editor runs what it says",
    ".claude": "it instructs other agents",
    ".cursor": "it instructs other agents",
}
_FILES = {
    ".gitattributes": "it chooses the programs git runs on a checkout",
    ".gitmodules": "it names repositories that git fetches",
    ".gitlab-ci.yml": "continuous integration runs it with secrets",
    ".travis.yml": "continuous integration runs it with secrets",
    "azure-pipelines.yml": "continuous integration runs it with secrets",
    "jenkinsfile": "continuous integration runs it with secrets",
    ".pre-commit-config.yaml": "git runs it as a hook",
    "lefthook.yml": "git runs it as a hook",
    ".envrc": "a shell runs it on entering the directory",
    ".env": "it holds secrets",
    ".env.*": "it holds secrets",
    ".netrc": "it holds secrets",
    ".npmrc": "it may hold a registry's token",
    ".pypirc": "it may hold a registry's token",
    "id_rsa*": "it is a key",
    "id_ed25519*": "it is a key",
    "*.pem": "it may be a key",
    "*.key": "it may be a key",
    "*.p12": "it may be a key",
}
_HARMLESS = (".env.example", ".env.sample", ".env.template")


def is_protected(path: str) -> str | None:
    """Return why ``path``, relative to the root, may not be changed, or `None`.

    Case does not matter, because it does not to the file systems of macOS.
    """
    parts = [part for part in path.casefold().split("/") if part not in {"", "."}]
    if not parts:
        return None
    if ".git" in parts:
        return _DIRECTORIES[".git"]
    for directory, reason in _DIRECTORIES.items():
        names = directory.split("/")
        if any(parts[at : at + len(names)] == names for at in range(len(parts))):
            return reason
    if parts[-1] in _HARMLESS:
        return None
    return next((why for name, why in _FILES.items() if fnmatchcase(parts[-1], name)), None)
