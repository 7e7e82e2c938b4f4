"""The domain: frozen values and pure functions over them.

Nothing here awaits, reads a clock or a file, logs, or knows LSP or a provider;
`pyproject.toml` states that as an import contract.  Time and identifiers arrive
inside events.  Start with `podium.domain.step`.
"""
