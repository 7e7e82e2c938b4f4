"""The command line: one module per command, and the composition root of the others.

Most of what a human commands shares one: `podium.cli.commanding`.

A command's module has `add_arguments` and `run`; it is imported only when its command is given, so
that `podium lsp` and `podium status` pay for nobody else's imports.
"""
