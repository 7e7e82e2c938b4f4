"""The workspace: everything that touches files and git on the user's machine.

The user's own repository is only read, until a human merges (`merging`, `landing`).
Agents work in checkouts of a private repository (`git`), which hold no `.git`
at all: what an agent plants there is data to the host's git and never
configuration.  The host opens agents' files through `tree` alone.

Modules are imported one by one: the language server asks `state` and must not
pay for the rest.
"""
