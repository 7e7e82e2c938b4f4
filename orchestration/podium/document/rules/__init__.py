"""What is checked of a plan without a model: one subject per module.

Every rule takes a `Case` and yields problems, at most one per claim and place.  A rule never
raises and never looks at the disk but through `TreeFacts`.
"""
