"""The engine: one daemon per workspace that keeps the journal and conducts the jobs.

`journal` makes facts durable, `coordinator` is the one writer of state, `documents`
knows the current text of each plan, `api` is what clients may ask, and `daemon`
puts them together.  Start with `podium.engine.coordinator`.
"""
