"""Who an agent is: one module per role, with its prompt in a `.md` beside it.

A role says what an agent is told, which tools it has and what it must submit; the loop
(`podium.agent.loop`) does the rest.  Prompts name no model and no provider.  Whatever comes
from a repository or a tool is fenced (`fence`) and said to be data.  Start with `worker`.
"""
