"""Every failure Podium can name, one branch per reader.

PodiumError
├── UserError        the user can fix it: shown as written
├── ModelError       a provider failed: retried where that helps, then shown
└── ToolRetry        the model can fix it: sent back as the tool's result

A broken invariant is none of these: it stays an `AssertionError`, and only the
loop that answers a request or runs a job catches it, logs it and reports it.
Each ring derives its own errors from these in the module that raises them.
"""


class PodiumError(Exception):
    """The root: catch it only where an answer is written."""

    is_about_request: bool = False
    """Whether it is about what was asked, as by one task; what others ask may well be answered."""


class UserError(PodiumError):
    """What is wrong, where, and what the user can do about it."""


class ModelError(PodiumError):
    """A provider did not give a usable answer."""


class ToolRetry(PodiumError):
    """A tool call cannot be carried out as asked; the message tells the model what to do."""
