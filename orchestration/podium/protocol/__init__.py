"""What the engine and its clients say to each other, and how a client finds its engine.

Nothing heavy is imported here: the language server and the command line pay for it.
"""
