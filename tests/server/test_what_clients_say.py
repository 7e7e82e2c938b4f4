"""URIs, capabilities and boards, whoever sends them."""

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from pytest_lsp import client_capabilities

from podium.domain.base import PlanId
from podium.domain.request import Phase, Request
from podium_server.board import BoardMirror
from podium_server.client import client_of
from podium_server.news import News
from podium_server.paths import is_plan, path_of, relative_to, workspace_of
from podium_server.shown import Related
from podium_server.to_lsp import arguments_of, uri_of


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///a/b.md", "/a/b.md"),
        ("file://localhost/a/b.md", "/a/b.md"),
        ("file:///a%20b/%0Ac%25.md", "/a b/\nc%.md"),
        ("file:///a/b.md#L3", "/a/b.md"),
        ("file://host/a/b.md", None),
        ("file:///a%00b", None),
        ("untitled:Untitled-1", None),
        ("git:/a/b.md?x", None),
        ("https://example.org/a", None),
        ("file://[", None),
        ("", None),
    ],
)
def test_only_a_local_file_has_a_path(uri: str, path: str | None) -> None:
    assert path_of(uri) == (Path(path) if path else None)


def test_a_workspace_is_also_itself_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    file = tmp_path / "real/a.py"
    assert relative_to(tmp_path / "link", file) == "a.py"
    assert relative_to(tmp_path / "real", tmp_path / "link/a.py") == "a.py"
    assert relative_to(tmp_path / "real", tmp_path / "other/a.py") is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (".podium/plans/slug.md", True),
        (".podium/plans/deeper/slug.md", False),
        (".podium/plans/slug.txt", False),
        ("plans/slug.md", False),
        ("src/.podium/plans/slug.md", False),
    ],
)
def test_plans_are_markdown_files_in_their_folder(path: str, expected: bool) -> None:  # noqa: FBT001  # A table.
    assert is_plan(path) is expected


def test_a_plan_without_a_workspace_lies_in_one() -> None:
    assert workspace_of(Path("/a/.podium/plans/x.md")) == Path("/a")
    assert workspace_of(Path("/a/plans/x.md")) is None
    assert workspace_of(Path("x.md")) is None


@pytest.mark.parametrize("path", ["", "/etc/passwd", "../x", "a/../../x", "a\0b"])
def test_no_link_leads_out_of_the_workspace(path: str) -> None:
    assert uri_of(Path("/a"), path) is None
    assert Related(path, 0, "") is not None


@pytest.mark.parametrize(
    ("experimental", "options", "extras"),
    [
        ({"podium": {"input": True, "diff": True}}, None, {"input", "diff"}),
        (None, {"podium": {"input": True}}, {"input"}),
        ({"podium": {"input": "yes"}}, {"podium": []}, set[str]()),
        ("podium", ["podium"], set[str]()),
    ],
)
def test_podiums_own_requests_are_opted_into(
    experimental: Any,  # noqa: ANN401  # Any JSON.
    options: Any,  # noqa: ANN401  # As above.
    extras: set[str],
) -> None:
    capabilities = types.ClientCapabilities(experimental=experimental)
    params = types.InitializeParams(capabilities, initialization_options=options)
    assert client_of(params, "utf-16").extras == extras


def test_a_client_that_says_nothing_is_asked_for_nothing() -> None:
    bare = client_of(types.InitializeParams(types.ClientCapabilities()), "utf-16")
    assert not bare.pulls_diagnostics
    assert not bare.shows_progress
    assert not bare.knows_action_literals
    rich = client_of(types.InitializeParams(client_capabilities("neovim@v0.11.0")), "utf-16")
    assert rich.shows_progress
    assert rich.knows_action_literals


def test_the_root_is_the_first_of_the_folders_or_what_older_clients_call_it() -> None:
    opened = [types.WorkspaceFolder(f"file:///{it}", it) for it in ("a", "b")]
    here = types.ClientCapabilities()

    def folders(**more: Any) -> list[str]:  # noqa: ANN401  # Any field.
        found = client_of(types.InitializeParams(here, **more), "utf-16").folders
        return [str(it) for it in found]

    assert folders(workspace_folders=opened) == ["/a", "/b"]
    assert folders(workspace_folders=opened, root_uri="file:///b") == ["/b", "/a"]
    assert folders(workspace_folders=opened, root_uri="file:///c") == ["/a", "/b"]
    assert folders(root_uri="file:///c", root_path="/d") == ["/c"]
    assert folders(root_path="/d") == ["/d"]
    assert folders() == []


def test_arguments_are_one_object_or_none() -> None:
    assert arguments_of([{"plan": "x"}, 2]) == {"plan": "x"}
    assert arguments_of(["x"]) == arguments_of([]) == arguments_of(None) == {}


def test_a_request_of_another_version_is_left_out_and_the_others_are_shown() -> None:
    board = BoardMirror()
    told = Request(id=PlanId("a"), path="a.md").model_dump(mode="json")
    assert board.replace([told, told | {"id": "b", "unheard_of": 1}]) == {"a", "b"}
    assert [it.id for it in board.requests] == ["a"]
    assert board.update([told | {"phase": "planning"}]) == {"a"}
    assert [it.phase for it in board.requests] == [Phase.PLANNING]
    assert board.replace([]) == {"a", "b"}
    assert board.requests == ()


class Ears:
    """Hears what a session says."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    def say(self, kind: types.MessageType, message: str) -> None:
        self.heard.append(f"{kind.name}: {message}")


def test_news_are_told_when_they_happen_and_once() -> None:
    ears = Ears()
    news = News(ears)
    request = Request(id=PlanId("slug"), phase=Phase.PLANNING)
    ready = request.evolve(phase=Phase.AWAITING_APPROVAL, n_tasks=1)
    stopped = request.evolve(phase=Phase.STOPPED, problem="the run was cancelled")
    for it in (request, ready, ready, request.evolve(paused="no key"), stopped, stopped):
        news.tell(it)
    news.warn(["b", "a"])
    news.warn(["a"])
    news.warn(["a", "b"])
    assert ears.heard == [
        "Info: slug: approval pending: 1 task; read, then approve or reject",
        "Warning: slug: no key",
        "Info: slug: stopped; the run was cancelled",
        "Warning: a",
        "Warning: b",
        "Warning: b",
    ]
