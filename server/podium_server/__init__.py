"""The language server: the only ring that knows LSP.

It holds the open documents and the latest board and answers from memory; whatever changes
something is asked of the engine.  It never imports litellm, a database or a grammar, calls no
model, and writes nothing into the workspace.  Start with `podium_server.__main__`: its table says
what an editor can ask.  What an editor is shown is computed by the pure functions of
`podium_server.analysis`; `podium_server.to_lsp` alone turns their answers into LSP's types.
"""
