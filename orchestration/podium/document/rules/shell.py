"""Whether a text is a shell command or prose about one.

A guess by form alone, and a lenient one: a wrong command fails its gate with evidence, but prose
would fail it with ``sh: All: not found`` after the work is done and paid for.
"""

import re
import shlex

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_SHELL_WORD = re.compile(
    r"[!.:\[{(]|\[\[|alias|break|case|cd|command|continue|do|echo|eval|exec|exit|export|false|for|"
    r"if|kill|printf|pwd|read|return|set|shift|source|test|time|times|trap|true|type|ulimit|umask|"
    r"unset|until|wait|while"
)
_PROSE_WORD = re.compile(
    r"a|all|an|and|are|be|by|can|does|each|every|exists|has|have|if|in|is|it|must|no|not|of|on|"
    r"only|should|succeeds?|pass|passes|sure|that|the|their|then|there|these|this|to|when|which|"
    r"will|with|without|works",
    re.IGNORECASE,
)
_PLAIN_WORD = re.compile(r"[A-Za-z'\u2019]+[.,;:!?]?")
_MANY_WORDS = 4


def command_trouble(text: str) -> str:
    """Return why ``text`` cannot be a command; empty if it can."""
    words = text.split()
    if not words:
        return "it is empty"
    if reason := _unreadable(text):
        return reason
    if not all(_PLAIN_WORD.fullmatch(it) for it in words):
        return "" if _could_start(words[0]) else f"{words[0]!r} cannot be a program's name"
    n_prose = sum(_PROSE_WORD.fullmatch(it.strip(".,;:!?")) is not None for it in words)
    if n_prose > 1 and (words[0][0].isupper() or len(words) >= _MANY_WORDS):
        return "it reads as a sentence"
    if words[-1].endswith(".") and len(words) > 1:
        return "it ends as a sentence does"
    return ""


def command_name(text: str) -> str:
    """Return the name of the program that a command starts; empty if the shell or a path does."""
    for word in text.split():
        if _ASSIGNMENT.match(word):
            continue
        if _SHELL_WORD.fullmatch(word) or not re.fullmatch(r"[A-Za-z0-9_.+-]+", word):
            return ""
        return word
    return ""


def _could_start(word: str) -> bool:
    return re.match(r"[A-Za-z0-9_./~$\"'!:\[({<>-]", word) is not None


def _unreadable(text: str) -> str:
    for with_comments in (False, True):
        try:
            shlex.split(text, comments=with_comments)
        except ValueError as reason:
            said = str(reason)
        else:
            return ""
    return "a quotation is not closed" if "quotation" in said else "it ends in a backslash"
