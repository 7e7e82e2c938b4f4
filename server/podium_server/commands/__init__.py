"""One module per command: find what it is about, ask the user what is missing, ask the engine.

A command takes one object: ``plan``, or the ``uri`` of a plan document, or neither when only one
plan comes into question; and what the command itself needs.
"""
