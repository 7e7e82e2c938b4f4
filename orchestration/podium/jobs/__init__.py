"""Jobs: how effects are carried out.

`port` is all that the coordinator knows of them; `runner` carries them out as
asyncio tasks in the engine.  A job reports by events and never by returning, and
it never waits for a human.  Start with `podium.jobs.port`.
"""
