"""What is set for a workspace now: its configuration, as far as the user trusts it.

The engine, the command line and the language server read it here, so that they check plans
against the same values.  Modules are imported one by one, and none is heavy.
"""
