"""What providers are told; changed with `pytest --inline-snapshot=fix`, never by hand."""

from inline_snapshot import snapshot

from podium.domain.roles import ROLES
from podium.tools.table import tools_named


def test_the_parameters_of_every_tool() -> None:
    tools = {it.name: it for role in ROLES for it in tools_named(role.tools)}
    assert {name: it.schema.parameters for name, it in tools.items()} == snapshot(
        {
            "read_file": {
                "properties": {
                    "path": {"type": "string"},
                    "first_line": {"default": 1, "minimum": 1, "type": "integer"},
                    "n_lines": {"default": 400, "maximum": 2000, "minimum": 1, "type": "integer"},
                },
                "required": ["path"],
                "type": "object",
            },
            "list_files": {
                "properties": {"path": {"default": ".", "type": "string"}},
                "type": "object",
            },
            "search": {
                "properties": {
                    "text": {"maxLength": 500, "minLength": 1, "type": "string"},
                    "glob": {"type": "string"},
                    "regex": {"type": "boolean"},
                    "ignore_case": {"type": "boolean"},
                },
                "required": ["text"],
                "type": "object",
            },
            "glob": {
                "properties": {"pattern": {"maxLength": 500, "minLength": 1, "type": "string"}},
                "required": ["pattern"],
                "type": "object",
            },
            "edit_file": {
                "properties": {
                    "path": {"type": "string"},
                    "old": {"minLength": 1, "type": "string"},
                    "new": {"type": "string"},
                    "all": {"type": "boolean"},
                },
                "required": ["path", "old", "new"],
                "type": "object",
            },
            "write_file": {
                "properties": {"path": {"type": "string"}, "text": {"type": "string"}},
                "required": ["path", "text"],
                "type": "object",
            },
            "run_command": {
                "properties": {
                    "command": {"maxLength": 8000, "minLength": 1, "type": "string"},
                    "timeout_s": {"default": 120, "maximum": 900, "minimum": 1, "type": "integer"},
                },
                "required": ["command"],
                "type": "object",
            },
            "diagnostics": {
                "properties": {
                    "paths": {
                        "items": {"type": "string"},
                        "maxItems": 50,
                        "minItems": 1,
                        "type": "array",
                    }
                },
                "required": ["paths"],
                "type": "object",
            },
            "todos": {
                "properties": {
                    "todos": {
                        "items": {
                            "properties": {
                                "text": {"minLength": 1, "type": "string"},
                                "done": {"type": "boolean"},
                            },
                            "required": ["text"],
                            "type": "object",
                        },
                        "maxItems": 40,
                        "type": "array",
                    }
                },
                "required": ["todos"],
                "type": "object",
            },
            "note": {
                "properties": {"text": {"minLength": 1, "type": "string"}},
                "required": ["text"],
                "type": "object",
            },
            "ask": {
                "properties": {"question": {"minLength": 1, "type": "string"}},
                "required": ["question"],
                "type": "object",
            },
            "replan": {
                "properties": {
                    "reason": {
                        "description": "What you found, and how it should be split.",
                        "minLength": 1,
                        "type": "string",
                    }
                },
                "required": ["reason"],
                "type": "object",
            },
            "submit_result": {
                "properties": {
                    "summary": {
                        "description": "What changed, and what you saw pass.",
                        "minLength": 1,
                        "type": "string",
                    },
                    "lessons": {
                        "description": "What the next worker should know.",
                        "items": {"type": "string"},
                        "maxItems": 10,
                        "type": "array",
                    },
                },
                "required": ["summary"],
                "type": "object",
            },
            "submit_plan": {
                "properties": {
                    "title": {"maxLength": 120, "minLength": 1, "type": "string"},
                    "objective": {"minLength": 1, "type": "string"},
                    "requirements": {
                        "description": "R1, R2, … in this order.",
                        "items": {"type": "string"},
                        "type": "array",
                    },
                    "must": {
                        "description": "What is in scope.",
                        "items": {"type": "string"},
                        "type": "array",
                    },
                    "must_not": {
                        "description": "What is out of scope.",
                        "items": {"type": "string"},
                        "type": "array",
                    },
                    "questions": {
                        "items": {
                            "properties": {
                                "text": {"minLength": 1, "type": "string"},
                                "options": {
                                    "description": "Likely answers, the best first.",
                                    "items": {"type": "string"},
                                    "type": "array",
                                },
                            },
                            "required": ["text"],
                            "type": "object",
                        },
                        "type": "array",
                    },
                    "impact": {"description": "What else this touches.", "type": "string"},
                    "tasks": {
                        "items": {
                            "properties": {
                                "id": {
                                    "description": "`T1`, `T2`, …",
                                    "pattern": "^T[1-9]\\d*$",
                                    "type": "string",
                                },
                                "title": {"minLength": 1, "type": "string"},
                                "body": {
                                    "description": "What to do, so that nobody has to guess.",
                                    "type": "string",
                                },
                                "category": {"default": "unspecified-low", "type": "string"},
                                "skills": {"items": {"type": "string"}, "type": "array"},
                                "files": {
                                    "description": "All it may change: `a.py:1-9`, `b.py (new)`.",
                                    "items": {"type": "string"},
                                    "minItems": 1,
                                    "type": "array",
                                },
                                "after": {
                                    "description": "Tasks it needs done first.",
                                    "items": {"type": "string"},
                                    "type": "array",
                                },
                                "covers": {
                                    "description": "Requirements, as `R1`.",
                                    "items": {"type": "string"},
                                    "type": "array",
                                },
                                "references": {
                                    "description": "What to read, as `src/b.py:5`.",
                                    "items": {"type": "string"},
                                    "type": "array",
                                },
                                "accept": {
                                    "description": "Shell commands that exit 0 when it is done.",
                                    "items": {"type": "string"},
                                    "type": "array",
                                },
                                "must_not": {"items": {"type": "string"}, "type": "array"},
                                "parallel": {
                                    "description": "Why it may share a file with a task beside it.",
                                    "type": "string",
                                },
                            },
                            "required": ["id", "title", "files", "accept"],
                            "type": "object",
                        },
                        "type": "array",
                    },
                    "test_strategy": {"type": "string"},
                    "decisions": {"description": "What you decided, and why.", "type": "string"},
                },
                "required": ["title", "objective"],
                "type": "object",
            },
            "submit_review": {
                "properties": {
                    "summary": {
                        "description": "What was checked, and the result.",
                        "minLength": 1,
                        "type": "string",
                    },
                    "findings": {
                        "items": {
                            "properties": {
                                "severity": {
                                    "enum": ["blocker", "major", "minor", "nit"],
                                    "type": "string",
                                },
                                "path": {"type": "string"},
                                "first_line": {"minimum": 1, "type": "integer"},
                                "last_line": {"minimum": 1, "type": "integer"},
                                "title": {
                                    "description": "One sentence: what is wrong.",
                                    "maxLength": 200,
                                    "minLength": 1,
                                    "type": "string",
                                },
                                "detail": {
                                    "description": "When it goes wrong, and how.",
                                    "type": "string",
                                },
                                "evidence": {
                                    "description": "The code, exactly as the file has it.",
                                    "minLength": 1,
                                    "type": "string",
                                },
                                "suggestion": {
                                    "description": "What to do instead.",
                                    "type": "string",
                                },
                            },
                            "required": [
                                "severity",
                                "path",
                                "first_line",
                                "last_line",
                                "title",
                                "evidence",
                            ],
                            "type": "object",
                        },
                        "maxItems": 50,
                        "type": "array",
                    },
                },
                "required": ["summary"],
                "type": "object",
            },
        }
    )
