"""What editors call the commands: those of `podium.domain.commands`, and what is only looked at.

Their manifests (`editors/`) list the same names.
"""

from podium.domain.command_table import COMMANDS as OF_HUMANS
from podium.domain.command_table import Verb


def name_of(verb: Verb) -> str:
    """Return what editors call what a human commands."""
    return f"podium.{verb}{'Finding' if OF_HUMANS[verb].about == 'finding' else ''}"


VERBS = {name_of(verb): verb for verb in OF_HUMANS}
_OWN = {
    Verb.REQUEST: "request",
    Verb.ANSWER: "answer",
    Verb.APPROVE: "approve",
    Verb.DISCARD: "discard",
}
COMMANDS = {name: _OWN.get(verb, "commanding") for name, verb in VERBS.items()} | {
    "podium.review": "review",
    "podium.showDiff": "show_diff",
    "podium.showReport": "show_report",
}
"""Each command's module in `podium_server.commands`."""
