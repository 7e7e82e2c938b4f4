"""What clients may ask of the engine: one module per thing they ask about.

Each method takes the engine, the client that asks and validated parameters, and returns
JSON.  `podium.engine.api` holds the table.
"""
