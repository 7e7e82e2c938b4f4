"""What an agent may do: one tool per file, with the text that the model reads beside it.

A tool is typed input, a Markdown description, what it reaches, and a function that
answers in text; what the model can mend is raised as `podium.errors.ToolRetry`.
Every path goes through `podium.workspace.tree.Tree`, every command through the
sandbox behind `ToolContext.run_command`; every answer is bounded and says so.
`table` has them all, by name.  Nothing here knows of agents or their loop.  Start with
`podium.tools.tool`.
"""
