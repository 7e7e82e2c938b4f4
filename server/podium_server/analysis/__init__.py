"""What an editor shows, as pure functions from a snapshot to the values of `podium_server.shown`.

Nothing here knows LSP, reads a file, asks the engine or raises: a document with mistakes gives an
answer about its mistakes.  Text of agents, plans and tools is hostile and passes through
`podium.text`.
"""
