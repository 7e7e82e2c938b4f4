"""Gates: checks with evidence, each one function from a context to a verdict (`table.py`).

What they judge was made by agents, and so may be the commands' output: a gate believes
exit statuses, servers' answers about exact contents, and git; never a worker.  A gate
that cannot find out says `unknown`, which lets nothing through.

Gates of one context share its two checkouts, so they are judged one after the other.
Which are asked, and when, is `podium.domain.gate_policy`.
"""
