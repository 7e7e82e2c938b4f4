"""What each event makes of a request: pure functions, called by `podium.domain.step` alone.

`planning`, `runs` and `findings` are what people command, `reports` what jobs tell;
`tasks` and `merging` are how a run goes on.
"""
