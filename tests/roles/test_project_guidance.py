from pathlib import Path

import pytest
from inline_snapshot import snapshot

from podium.roles.guidance import guidance
from podium.roles.skills import load_skills
from podium.workspace.tree import Tree


def write(root: Path, files: dict[str, str]) -> Tree:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return Tree(root)


def test_the_roots_file_and_the_nearest_are_told(tmp_path: Path) -> None:
    tree = write(
        tmp_path,
        {
            "AGENTS.md": "Tabs.\n",
            "CLAUDE.md": "not read: AGENTS.md is there\n",
            "web/CLAUDE.md": "Spaces.\n",
            "web/deep/a.ts": "",
            "other/AGENTS.md": "unrelated\n",
        },
    )
    assert guidance(tree, ["web/deep/a.ts", "web/deep/b.ts", "top.py"]) == snapshot("""\
The project's conventions. Where they differ, the one nearest to the file holds.
<data name="AGENTS.md">
Tabs.
</data>
<data name="web/CLAUDE.md">
Spaces.
</data>\
""")


def test_a_declared_directory_has_its_own(tmp_path: Path) -> None:
    tree = write(tmp_path, {"AGENTS.md": "all\n", "web/AGENTS.md": "web\n", "web/a.ts": ""})
    assert "web/AGENTS.md" in guidance(tree, ["web/"])


def test_no_file_is_no_guidance(tmp_path: Path) -> None:
    assert guidance(write(tmp_path, {"a.py": ""}), ["a.py"]) == ""


def test_guidance_is_bounded_and_stays_in_the_tree(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("the secret")
    tree = write(tmp_path / "tree", {"src/AGENTS.md": "y" * 50_000})
    (tmp_path / "tree/AGENTS.md").symlink_to(tmp_path / "secret.md")
    text = guidance(tree, ["src/a.py", "../a.py"])
    assert "the secret" not in text
    assert len(text) < 7_000
    assert "characters left out; read src/AGENTS.md" in text


@pytest.fixture
def repository(tmp_path: Path) -> Tree:
    return write(
        tmp_path / "tree",
        {
            ".podium/skills/one/SKILL.md": "---\nname: tdd\ndescription: x\n---\nRed, green.\n",
            ".claude/skills/tdd/SKILL.md": "---\nname: tdd\n---\nShadowed.\n",
            ".claude/skills/bare/SKILL.md": "No front matter.\n",
            ".claude/skills/open/SKILL.md": "---\nname: never closed\n",
            ".claude/skills/README.md": "no skill\n",
        },
    )


@pytest.mark.parametrize(
    ("name", "path", "text"),
    [
        ("tdd", ".podium/skills/one/SKILL.md", "Red, green.\n"),
        ("bare", ".claude/skills/bare/SKILL.md", "No front matter.\n"),
        ("open", ".claude/skills/open/SKILL.md", "---\nname: never closed\n"),
    ],
)
def test_a_skill_is_found_by_name(repository: Tree, name: str, path: str, text: str) -> None:
    (skill,) = load_skills([name, name], repository).found
    assert (skill.name, skill.path, skill.text) == (name, path, text)


@pytest.mark.parametrize("written", ["mine", "'mine'", '"mine"', "mine  # as in the book"])
def test_the_users_own_skills_are_found_after_the_repositorys(
    repository: Tree, tmp_path: Path, written: str
) -> None:
    users = write(
        tmp_path / "user",
        {
            "x/SKILL.md": f"---\ndescription: y\nname: {written}\n---\nMine.",
            "tdd/SKILL.md": "---\nname: tdd\n---\nShadowed.",
        },
    )
    skills = load_skills(["mine", "tdd", "none"], repository, users)
    assert [it.text for it in skills.found] == ["Mine.", "Red, green.\n"]
    assert skills.missing == ("none",)
    assert "Not installed, do without: none" in skills.text


def test_a_skill_cannot_lead_out_of_the_tree(tmp_path: Path) -> None:
    write(tmp_path / "outside", {"s/SKILL.md": "the secret"})
    tree = write(tmp_path / "tree", {".podium/skills/a/note": ""})
    (tmp_path / "tree/.podium/skills/s").symlink_to(tmp_path / "outside/s")
    (tmp_path / "tree/.podium/skills/a/SKILL.md").symlink_to(tmp_path / "outside/s/SKILL.md")
    assert load_skills(["s", "a"], tree).found == ()
