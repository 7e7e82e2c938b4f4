"""A language server that finds `BAD` in files, and misbehaves as its argument says.

Run as a process by the tests; it uses the standard library alone, so that its wire
format owes nothing to the client under test.  Each behaviour is a function in one of
the tables `ON_CONTENT` and `ON_QUESTION`.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

Object = dict[str, Any]
DOCUMENTS: dict[str, tuple[int, str]] = {}
ROOTS: dict[str, str] = {}
"""The workspace folder's URI and name."""


def send(message: Object) -> None:
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    write(b"Content-Length: %d\r\n\r\n" % len(body) + body)


def write(data: bytes) -> None:
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def receive() -> Object:
    length = 0
    while (header := sys.stdin.buffer.readline()) not in {b"\r\n", b""}:
        name, _, value = header.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    if not length:
        sys.exit(0)
    return json.loads(sys.stdin.buffer.read(length))


def diagnostics(text: str) -> list[Object]:
    found: list[Object] = []
    for number, line in enumerate(text.split("\n")):
        if "BAD" in line:
            start = {"line": number, "character": 0}
            found.append({"range": {"start": start, "end": start}, "message": line, "severity": 1})
    return found


def publish(uri: str, version: int | None, items: list[Object]) -> None:
    params: Object = {"uri": uri, "diagnostics": items}
    if version is not None:
        params["version"] = version
    send({"method": "textDocument/publishDiagnostics", "params": params})


def is_first() -> bool:
    """Whether this is called for the first time in this directory, by any process."""
    try:
        os.close(os.open("called", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return False
    return True


# What is done when a document is opened or changed.


def publishes(uri: str, version: int, text: str) -> None:
    publish(uri, version, diagnostics(text))


def publishes_twice(uri: str, version: int, text: str) -> None:
    publish(uri, version, [])
    time.sleep(0.05)
    publish(uri, version, diagnostics(text))


def publishes_stale(uri: str, version: int, _text: str) -> None:
    before, text = DOCUMENTS.get(uri, (version - 1, ""))
    publish(uri, before, diagnostics(text))


def publishes_versionless(uri: str, _version: int, text: str) -> None:
    """Say of a second content what was true of the first."""
    publish(uri, None, diagnostics(DOCUMENTS.get(uri, (0, text))[1]))


def publishes_late(uri: str, _version: int, _text: str) -> None:
    """Say of the first content nothing before there is a second, and then not which is meant."""
    if uri in DOCUMENTS:
        publish(uri, None, diagnostics(DOCUMENTS[uri][1]))


def publishes_elsewhere(_uri: str, version: int, _text: str) -> None:
    publish("file:///etc/passwd", version, diagnostics("BAD"))


def publishes_and_dies(uri: str, version: int, text: str) -> None:
    publish(uri, version, diagnostics(text))
    os._exit(4)


def publishes_escaped(uri: str, version: int, text: str) -> None:
    publish(uri.replace(".py", "%2E%70y"), version, diagnostics(text))


ON_CONTENT: dict[str, Callable[[str, int, str], None]] = {
    "publishes": publishes,
    "publishes twice": publishes_twice,
    "publishes stale versions": publishes_stale,
    "publishes without versions": publishes_versionless,
    "publishes late": publishes_late,
    "publishes for other files": publishes_elsewhere,
    "publishes and dies": publishes_and_dies,
    "publishes escaped URIs": publishes_escaped,
}


# What is done when diagnostics are asked for; `True` if the question was not answered.


def dies(_message: Object) -> bool:
    os.write(2, b"a long story\nthe last words\n")
    os._exit(3)


def dies_once(message: Object) -> bool:
    return is_first() and dies(message)


def is_silent(_message: Object) -> bool:
    return True


def refuses(message: Object) -> bool:
    send({"id": message["id"], "error": {"code": -32603, "message": "the handler panicked"}})
    return True


def puts_off(message: Object) -> bool:
    if not is_first():
        return False
    send({"id": message["id"], "error": {"code": -32802, "message": "ask again"}})
    return True


def puts_off_for_ever(message: Object) -> bool:
    send({"id": message["id"], "error": {"code": -32801, "message": "ask again"}})
    return True


def cancels(message: Object) -> bool:
    send({"method": "$/cancelRequest", "params": {"id": message["id"]}})
    return False


def says_unchanged(message: Object) -> bool:
    send({"id": message["id"], "result": {"kind": "unchanged", "resultId": "1"}})
    return True


def answers_nonsense(message: Object) -> bool:
    send({"id": message["id"], "result": {"kind": "full", "items": [{"range": 5}]}})
    return True


def announces_too_much(_message: Object) -> bool:
    write(b"Content-Length: 1000000000000\r\n\r\n{")
    return True


def breaks_off(_message: Object) -> bool:
    write(b"Content-Length: 100\r\n\r\n{")
    os._exit(0)


def writes_noise(_message: Object) -> bool:
    write(b"x" * 1_000_000)
    return True


def says_too_much(message: Object) -> bool:
    items = diagnostics("BAD\n" * 3000)
    send({"id": message["id"], "result": {"kind": "full", "items": items}})
    return True


def says_a_number(message: Object) -> bool:
    """Answer with an integer that Python does not read."""
    return says_unreadable(message, b"9" * 5_000)


def says_it_deep(message: Object) -> bool:
    """Answer with lists that nest deeper than Python follows."""
    return says_unreadable(message, b"[" * 100_000 + b"]" * 100_000)


def says_unreadable(message: Object, items: bytes) -> bool:
    body = b'{"jsonrpc":"2.0","id":"%s","result":{"items":%s}}' % (message["id"].encode(), items)
    write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    return True


def says_exit(_message: Object) -> bool:
    send({"method": "exit"})
    send({"id": 7, "method": "shutdown"})
    return False


def names_its_directories(message: Object) -> bool:
    """Say of each bad line where the server works, in every form that it knows."""
    uri = message["params"]["textDocument"]["uri"]
    root, home = str(Path.cwd()), os.environ["HOME"]
    forms = [ROOTS["uri"], ROOTS["name"], root, str(Path(root).resolve()), f"{root}/a.py:7:3", uri]
    forms += [quote(uri, safe=""), json.dumps(uri).replace("/", "\\/"), uri.replace("file://", "")]
    forms += [f"-I{root}/include", f"{home}/.cache/x", f"{os.environ['TMPDIR']}/x"]
    items = diagnostics(DOCUMENTS[uri][1])
    for it in items:
        it |= {"message": "\n".join((it["message"], *forms)), "code": f"{root}/rules#bad"}
    send({"id": message["id"], "result": {"kind": "full", "items": items}})
    return True


def asks_questions(_message: Object) -> bool:
    """Ask what servers ask, and go on only if the answers are right."""
    expected: list[tuple[str, Object | None, object]] = [
        ("workspace/configuration", {"items": [{"section": "a"}, {"section": "b"}]}, [None, None]),
        ("window/workDoneProgress/create", {"token": "t"}, None),
        ("window/showMessageRequest", {"type": 1, "message": "?"}, None),
        ("workspace/diagnostic/refresh", None, None),
        ("workspace/applyEdit", {"edit": {}}, {"applied": False}),
    ]
    for number, (method, params, wanted) in enumerate(expected):
        request = {"id": f"q{number}", "method": method}
        send(request if params is None else request | {"params": params})
        if receive()["result"] != wanted:
            os._exit(9)
    send({"id": "unheard", "method": "custom/unheard"})
    if receive()["error"]["code"] != -32601:
        os._exit(9)
    return False


ON_QUESTION: dict[str, Callable[[Object], bool]] = {
    "dies when asked": dies,
    "dies when first asked": dies_once,
    "is silent": is_silent,
    "refuses": refuses,
    "puts off": puts_off,
    "puts off for ever": puts_off_for_ever,
    "cancels our requests": cancels,
    "says unchanged": says_unchanged,
    "answers nonsense": answers_nonsense,
    "announces too much": announces_too_much,
    "breaks off": breaks_off,
    "writes noise": writes_noise,
    "says too much": says_too_much,
    "says a number": says_a_number,
    "says it deep": says_it_deep,
    "says exit": says_exit,
    "asks questions": asks_questions,
    "names its directories": names_its_directories,
}


class Server:
    def __init__(self, behaviour: str) -> None:
        self.behaviour = behaviour
        self.pulls = behaviour not in ON_CONTENT and behaviour != "registers later"

    def run(self) -> None:
        handlers: dict[str, Callable[[Object], None]] = {
            "initialize": self.initialize,
            "initialized": self.initialized,
            "textDocument/didOpen": self.did_open,
            "textDocument/didChange": self.did_change,
            "textDocument/diagnostic": self.diagnostic,
            "shutdown": lambda message: send({"id": message["id"], "result": None}),
            "exit": lambda _: sys.exit(0),
        }
        while True:
            message = receive()
            handlers.get(message.get("method", ""), lambda _: None)(message)

    def initialize(self, message: Object) -> None:
        if self.behaviour == "dies at once":
            os._exit(3)
        [folder] = message["params"]["workspaceFolders"]
        ROOTS.update(folder)
        provider = {"interFileDependencies": False, "workspaceDiagnostics": False}
        capabilities = {"diagnosticProvider": provider} if self.pulls else {}
        send({"id": message["id"], "result": {"capabilities": capabilities}})

    def initialized(self, _message: Object) -> None:
        if self.behaviour != "registers later":
            return
        time.sleep(0.1)
        options = {"documentSelector": None, "identifier": "late"}
        method = "textDocument/diagnostic"
        registration = {"id": "1", "method": method, "registerOptions": options}
        params = {"registrations": [registration]}
        send({"id": 1, "method": "client/registerCapability", "params": params})

    def did_open(self, message: Object) -> None:
        it = message["params"]["textDocument"]
        self.told(it["uri"], it["version"], it["text"])

    def did_change(self, message: Object) -> None:
        it = message["params"]["textDocument"]
        self.told(it["uri"], it["version"], message["params"]["contentChanges"][0]["text"])

    def told(self, uri: str, version: int, text: str) -> None:
        if self.behaviour in ON_CONTENT:
            ON_CONTENT[self.behaviour](uri, version, text)
        DOCUMENTS[uri] = (version, text)

    def diagnostic(self, message: Object) -> None:
        params = message["params"]
        if self.behaviour == "registers later" and params["identifier"] != "late":
            os._exit(9)
        if not ON_QUESTION.get(self.behaviour, lambda _: False)(message):
            _, text = DOCUMENTS[params["textDocument"]["uri"]]
            send({"id": message["id"], "result": {"kind": "full", "items": diagnostics(text)}})


if __name__ == "__main__":
    Server(sys.argv[1]).run()
