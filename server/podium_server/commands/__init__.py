"""One module per command: find what it is about, ask the user what is missing, ask the engine.

Most of what a human commands shares one: `podium_server.commands.commanding`.
A command takes one object: ``plan``, or the ``uri`` of a plan document, or neither when only one
plan comes into question; and what the command itself needs.
"""
