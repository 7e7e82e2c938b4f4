"""The agent loop: turns, tool calls, inbox, continuation, context budget, loop guard.

An agent's whole state is its transcript.  Every decision of the loop is a function of the
messages that are saved, so a job that is run again goes on from any prefix of them and no
turn is paid twice.  Nothing here knows roles, jobs or the journal.  Start with `loop`.
"""
