"""What becomes of a question to a language server; a message says why, in words for people.

ServerFailed        no answer that can be believed
├── ServerDied      its process ended, so that a new one may answer
└── ServerRefused   it answered this one question with an error; it may answer others
"""

from podium.errors import UserError


class ServerFailed(UserError):
    """A language server gave no answer that can be believed."""


class ServerDied(ServerFailed):
    """The server's process ended."""


class ServerRefused(ServerFailed):
    """The server answered one question with an error."""
