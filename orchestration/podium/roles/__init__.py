"""What an agent is told: for good, in `<role>.md`, and first, by the module of its role.

Its row (`podium.domain.roles`) says which tools it has and in which category it thinks.
The loop (`podium.agent.loop`) does the rest.
Prompts name no model and no provider.  Whatever comes from a repository or a tool is fenced
(`fence`) and said to be data.  Start with `instructions`.
"""
