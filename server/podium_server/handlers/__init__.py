"""One module per LSP request: take a snapshot, ask the analysis, convert the answer."""
