"""The demo: a sample project, a scripted model, and the walk from one to a merge."""
