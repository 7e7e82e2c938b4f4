"""The sandbox: the only way in which anything that an agent's tree can influence is run.

`port` says what can be asked of one, `finder` finds the one that works on this machine,
`confinement` is that on Linux; with none nothing runs.  `toolchain` and `environment` decide
what a command of the project may read.
"""
