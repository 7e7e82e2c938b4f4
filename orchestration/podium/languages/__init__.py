"""Real language servers as a client, and grammars where there is none.

Whatever runs here works on trees that agents wrote: servers are started through
`podium.sandbox.port`, and what they say is bounded and not trusted.

- `servers.LanguageServers` is the entry: diagnostics of files of a tree.
- `session` is one server on one tree; `documents` keeps what it has been told,
  `conversation` what it has said, `connection` and `protocol` carry the messages.
- `syntax` finds syntax errors with tree-sitter, for files that no server is configured for.
"""

from podium.languages.diagnosis import CodeDiagnostic, Diagnosis, DiagnosticSeverity
from podium.languages.launch import Launch, ServerMissing, sandboxed
from podium.languages.servers import LanguageServers
from podium.languages.session import Patience

__all__ = [
    "CodeDiagnostic",
    "Diagnosis",
    "DiagnosticSeverity",
    "LanguageServers",
    "Launch",
    "Patience",
    "ServerMissing",
    "sandboxed",
]
