"""What an editor shows in a plan: the marks stand under the text that they are about."""
# ruff: noqa: E501  # A mark shows its whole message.

from document.plan_samples import PLAN, FakeTree, check
from podium.document import apply_edits, checks, parse

SHARES = ("few-acceptance", "few-references", "no-acceptance", "no-references", "no-request")
"""Left out where a test is about something else."""
FORM = (*SHARES, "no-tasks", "unknown-category")


def fixed(text: str, title: str) -> str:
    """Apply the first fix of that title."""
    document = parse(PLAN, text)
    fixes = [fix for it in checks(document, FakeTree()) for fix in it.fixes if fix.title == title]
    return apply_edits(text, fixes[0].edits)


def test_a_good_plan_has_no_problems() -> None:
    check("""
        ---
        podium: 1
        route: quick
        ---
        # Slugify titles
        ## Request
        Add slugify.
        ## Requirements
        - R1: accents are dropped
        ## Open questions
        - Q1: Which library?
          - answer: none
        ## Tasks
        <!-- - [ ] T9: not yet -->

        ### First

        - [ ] T1: Write it
          Any text.
          - category: quick
          - files: `src/text.py:1-8`, `src/new.py` (new)
          - covers: R1
          - references: `src/app.py:20`, the manual
          - accept: `python -m unittest`
        - [x] T2: Describe it
          - category: writing
          - files: `src/new.py`, `README.md`
          - after: T1
          - covers: R1
          - references: `README.md`
          - accept: `make docs`
    """)


def test_front_matter() -> None:
    check(
        """
        ---
        podium: 2
                ^ error[unknown-format] this Podium reads plan format 1, not '2'; upgrade Podium
        # a comment
        rout: full
        ^^^^ warning[unknown-key] there is no key 'rout'; known: podium, route; fix: Change to 'route'
        route: fulll
               ^^^^^ error[unknown-route] there is no route 'fulll'; routes: quick, standard, full, breakdown; fix: Change to 'full'
        route: full
        ^^^^^ warning[repeated-key] 'route' is given twice and the first one counts; remove one
        nonsense
        ^^^^^^^^ warning[front-matter] front matter has only lines of the form 'key: value'; correct or remove it
        ---
        """,
        quiet=FORM,
    )


def test_sections() -> None:
    check(
        """
        Text before.
        ^^^^^^^^^^^^ information[outside-grammar] text outside the grammar: no agent reads it; move it into a section or item
        ## request
        x
        ## Background
        ^^^^^^^^^^^^^ information[unknown-section] no agent reads the section 'Background'; sections: Request, Objective, Requirements, Scope, Open questions, Impact, Tasks, Test strategy, Review log, Decisions
        ## Scope
        loose
        ^^^^^ information[outside-grammar] text outside the grammar: no agent reads it; move it into a section or item
        ### Must
        - be quick
        ### Nice to have
        ^^^^^^^^^^^^^^^^ information[unknown-section] no agent reads the section 'Nice to have'; sections: Must, Must not
        ## Request
        ^^^^^^^^^^ error[repeated-section] there is another section 'Request' above, and only that one is read; merge them
        """,
        quiet=FORM,
    )


def test_items_without_a_form() -> None:
    check(
        """
        ## Requirements
        - be quick
          ^^^^^^^^ error[no-id] this requirement has no id; write 'R1: …'; fix: Number it R1
        ## Tasks
        First this:
        ^^^^^^^^^^^ information[outside-grammar] text outside the grammar: no agent reads it; move it into a section or item
        - [ ] T1 Write it
              ^^^^^^^^^^^ error[no-id] a colon is missing after the id; write 'T1: …'; fix: Add the colon
        - [ ] Test it
              ^^^^^^^ error[no-id] this task has no id; write 'T4: …'; fix: Number it T4
        - T2: Ship it
          ^^ error[no-checkbox] a task needs a checkbox; write '- [ ] T1: …'; fix: Add a checkbox
        - Relax
          ^^^^^ information[outside-grammar] this item is not a task, so no agent reads it; write '- [ ] T1: title'
        - [ ] T3:
              ^^ warning[no-title] this task says nothing; write a few words after its id
        - [ ] T3: Again
              ^^ error[duplicate-id] another task is called 'T3'; renumber one of them; fix: Renumber to T4

        Behind the items.
        ^^^^^^^^^^^^^^^^^ information[outside-grammar] this text belongs to no item and no agent reads it; indent or move it
        """,
        quiet=FORM,
    )


def test_fields() -> None:
    check(
        """
        ## Tasks
        - [ ] T1: Write it
          - categry: quick
            ^^^^^^^ warning[unknown-field] there is no field 'categry'; did you mean 'category'?; fix: Change to 'category'
          - note: careful
            ^^^^ information[unknown-field] 'note' is no field and counts as text; fields: accept, after, category, covers, files, must not, parallel, references, skills
          - category: quick
          - category: writing
            ^^^^^^^^ warning[repeated-field] 'category' is given twice and the first one counts; remove one
        - [ ] T2: Draw it
          - category: wrting
                      ^^^^^^ error[unknown-category] there is no category 'wrting'; categories: quick, writing; fix: Change to 'writing'
        """,
        quiet=SHARES,
    )


def test_files() -> None:
    check(
        """
        ## Tasks
        - [ ] T1: Write it
          - files: `src/app.py`, ./src/app.py, `text.py`, gone.py
                                                ^^^^^^^ error[file-not-found] 'text.py' was not found in this workspace; correct it or mark it '(new)'; fix: Change to 'src/text.py'; fix: Mark as new
                                                          ^^^^^^^ error[file-not-found] 'gone.py' was not found in this workspace; correct it or mark it '(new)'; fix: Mark as new
            - `src/app.py` (new), README.md (new)
                           ^^^^^ warning[file-exists] 'src/app.py' exists already; remove '(new)' or choose another name; fix: Remove '(new)'
                                            ^^^^^ warning[file-exists] 'README.md' exists already; remove '(new)' or choose another name; fix: Remove '(new)'
            - `src/app.py:10-30`, `src/app.py:21`, `src/app.py:0`, `src/app.py:5-4`
                          ^^^^^ error[line-range] 'src/app.py' has 20 lines; name lines within it, or none; fix: Change to '10-20'
                                              ^^ error[line-range] 'src/app.py' has 20 lines; name lines within it, or none
                                                               ^ error[line-range] lines count from 1 and the last one is not before the first; correct them
                                                                               ^^^ error[line-range] lines count from 1 and the last one is not before the first; correct them
            - `/etc/passwd`, `~/x`, `C:\\x`, `src/../../x`
               ^^^^^^^^^^^ error[path-outside] '/etc/passwd' is absolute; write it relative to the workspace root
                              ^^^ error[path-outside] '~/x' is absolute; write it relative to the workspace root
                                     ^^^^ error[path-outside] 'C:\\\\x' is absolute; write it relative to the workspace root
                                             ^^^^^^^^^^^ error[path-outside] 'src/../../x' has '..'; write it relative to the workspace root, without
          - references: `src/gone.py:3`, `https://example.org/a/b:1`, `podium.domain`, RFC 3986
                         ^^^^^^^^^^^ error[file-not-found] 'src/gone.py' was not found in this workspace; correct it
        """,
        quiet=FORM,
    )


def test_files_that_other_tasks_create() -> None:
    check(
        """
        ## Tasks
        - [ ] T1: Write it
          - files: `new.py` (new)
          - references: `new.py:3`
        - [ ] T2: Use it
          - files: `src/app.py`
          - references: `new.py:3`
                         ^^^^^^ error[file-not-found] T1 creates 'new.py', but this task need not come after it; add 'after'; fix: Add 'after: T1'
        - [ ] T3: Use it later
          - after: T1
        - [ ] T4: Use it after that
          - files: `new.py`
          - after: T3
        """,
        quiet=FORM,
    )


def test_order() -> None:
    check(
        """
        ## Tasks
        - [ ] T1: One
          - after: T3
        - [ ] T2: Two
          - after: T1
                   ^^ error[cycle] these tasks wait for each other: T1 → T3 → T2 → T1; remove one 'after'; fix: Remove 'T1' here
        - [ ] T3: Three
          - after: T2, T33
                       ^^^ error[unknown-task] there is no task 'T33'; name one that exists, or remove it; fix: Change to 'T3'
        - [ ] T4: Four
          - after: T4
                   ^^ error[cycle] these tasks wait for each other: T4 → T4; remove one 'after'; fix: Remove 'T4' here
        - [ ] T5: Five
          - after: none
        """,
        quiet=FORM,
    )


def test_shared_files() -> None:
    check(
        """
        ## Tasks
        - [ ] T1: One
          - files: `src/app.py:1-2`
        - [ ] T2: Two
          - files: `./src/app.py:10-20`
                    ^^^^^^^^^^^^ error[shared-file] T1 touches './src/app.py' at the same time; add 'after: T1', or say in 'parallel' why that is safe; fix: Add 'after: T1'
        - [ ] T3: Three
          - files: `src/app.py`
          - parallel: it only reads
        - [ ] T4: Four
          - files: `src/app.py`
          - after: T2
        """,
        quiet=FORM,
    )


def test_a_directory_and_a_file_in_it_are_shared() -> None:
    check(
        """
        ## Tasks
        - [ ] T1: One
          - files: `src/`, `src/app.py`
        - [ ] T2: Two
          - files: README.md, src/app.py
                              ^^^^^^^^^^ error[shared-file] T1 touches 'src/app.py' at the same time; add 'after: T1', or say in 'parallel' why that is safe; fix: Add 'after: T1'
        - [ ] T3: Three
          - files: src
                   ^^^ error[shared-file] T2 touches 'src' at the same time; add 'after: T2', or say in 'parallel' why that is safe; fix: Add 'after: T2'
        - [ ] T4: Four
          - files: `SRC/App.py` (new)
                    ^^^^^^^^^^ error[shared-file] T3 touches 'SRC/App.py' at the same time; add 'after: T3', or say in 'parallel' why that is safe; fix: Add 'after: T3'
        """,
        quiet=FORM,
    )


def test_patterns_are_no_files() -> None:
    check(
        """
        ## Tasks
        - [ ] T1: One
          - files: `src/*.py`, `*.md`, `src/te?t/**/a.py` (new)
                    ^^^^^^^^ error[path-pattern] 'src/*.py' is a pattern; name the files, or the directory that they are in; fix: Change to 'src/'
                                ^^^^ error[path-pattern] '*.md' is a pattern; name the files, or the directory that they are in
                                        ^^^^^^^^^^^^^^^^ error[path-pattern] 'src/te?t/**/a.py' is a pattern; name the files, or the directory that they are in; fix: Change to 'src/'
        """,
        quiet=FORM,
    )


def test_coverage() -> None:
    check(
        """
        ## Requirements
        - R1: be quick
        - R2: be right
          ^^ error[uncovered] no task covers R2; add it to a task's 'covers'
        ## Tasks
        - [ ] T1: One
          - covers: R1, R7
                        ^^ error[unknown-requirement] there is no requirement 'R7'; name one that exists, or remove it
        - [ ] T2: Two
              ^^ warning[covers-nothing] T2 covers no requirement; add 'covers', or a requirement
        """,
        quiet=FORM,
    )


def test_acceptance_and_references() -> None:
    check(
        """
        ## Tasks
        ^^^^^^^^ warning[few-acceptance] 1 of 3 tasks have an acceptance command, but 90 % should; add it to T1, T2
        ^^^^^^^^ warning[few-references] 2 of 3 tasks have references, but 80 % should; add it to T1
        - [ ] T1: One
              ^^ information[no-acceptance] the task has no acceptance command; add 'accept: `command`'
              ^^ information[no-references] the task has no references; add 'references: `file:line-line`'
        - [ ] T2: Two
          - references: `README.md:1`
          - accept: All tests pass
                    ^^^^^^^^^^^^^^ error[no-command] this is not a command: it reads as a sentence; write what must exit with status 0
        - [ ] T3: Three
          - references: the manual
          - accept: `make test` and `cargo test`
                                     ^^^^^^^^^^ information[unknown-command] no command 'cargo' was found on this machine; make sure that agents have it
        """,
        quiet=("no-request", "unknown-category"),
    )


def test_questions_and_the_request() -> None:
    check("""
        # A plan
          ^^^^^^ warning[no-request] there is no section '## Request'; add it and say what you want; fix: Add a Request section
          ^^^^^^ information[no-tasks] the plan has no tasks yet; ask Podium to plan the request, or write '- [ ] T1: …'
        ## Open questions
        - Q1: Which library?
              ^^^^^^^^^^^^^^ warning[open-question] Q1 is open; write the answer after 'answer:'; fix: Answer 'the | old'; fix: Answer 'new'
          - options: the \\| old | new
          - answer:
        - Q2: And why?
          - answer: because
    """)


def test_an_empty_request() -> None:
    check(
        """
        ## Request
        ^^^^^^^^^^ warning[no-request] the request is empty; say in your own words what you want
        ## Tasks
        ^^^^^^^^ information[no-tasks] the plan has no tasks yet; ask Podium to plan the request, or write '- [ ] T1: …'
        """
    )


def test_a_fence_left_open_hides_the_rest() -> None:
    check(
        """
        ## Request
        ```py
        ^^^^^ error[unclosed] this is never closed, so the rest is hidden; add a line '```'; fix: Add '```' at the end
        ## Tasks
        """,
        quiet=FORM,
    )


def test_code_and_comments_hold_no_structure() -> None:
    check(
        """
        ## Request
        ```md
        ## Tasks
        - [ ] T1: shown, not meant
        ```
        <!--
        ## Tasks
        -->
        - a list
          ```
          ## Tasks
        ## Tasks
        - [ ] T1: meant
          ~~~
          - after: T7
          ~~~
          <!--
          - after: T8
          -->
        """,
        quiet=FORM,
    )


def test_fixes_put_it_right() -> None:
    text = "## Tasks\n- [ ] T1: One\n  - files: `new.py`\n- [ ] T2: Two\n  - files: `new.py`\n"
    text = fixed(text, "Mark as new")
    assert "T1: One\n  - files: `new.py` (new)\n" in text
    text = fixed(text, "Add 'after: T1'")
    assert text.endswith("T2: Two\n  - files: `new.py`\n  - after: T1\n")


def test_after_is_added_where_there_is_none_one_or_an_empty_one() -> None:
    for before, after in [
        ("", "\n  - after: T1"),
        ("\n  - after:", "\n  - after: T1"),
        ("\n  - after: none", "\n  - after: T1"),
        ("\n  - after: T3", "\n  - after: T3, T1"),
    ]:
        text = (
            "## Tasks\n- [ ] T1: One\n  - files: `new.py` (new)\n- [ ] T3: Three\n"
            f"- [ ] T2: Two\n  - references: `./new.py:3`{before}\n"
        )
        assert fixed(text, "Add 'after: T1'").endswith(f"`./new.py:3`{after}\n")


def test_the_fix_of_a_cycle_removes_one_id() -> None:
    text = "## Tasks\n- [ ] T1: a\n  - after: T1, T2\n- [ ] T2: b\n"
    assert "- after: T2\n" in fixed(text, "Remove 'T1' here")
    text = "## Tasks\n- [ ] T1: a\n  - after: T2, T1\n- [ ] T2: b\n"
    assert "- after: T2\n" in fixed(text, "Remove 'T1' here")
    text = "## Tasks\n- [ ] T1: a\n  - after: T1\n- [ ] T2: b\n"
    assert "T1: a\n- [ ] T2" in fixed(text, "Remove 'T1' here")


def test_the_fix_of_a_missing_request_keeps_the_text() -> None:
    fixed_text = fixed("# Title\n\nMake it so.\n", "Add a Request section")
    assert parse(PLAN, fixed_text).plan.request == "Make it so."


def test_of_very_many_problems_an_error_says_so() -> None:
    text = "## Tasks\n" + "".join(f"- [ ] T{it}: x\n" for it in range(900))
    found = checks(parse(PLAN, text), FakeTree())
    assert len(found) == 1_000
    assert found[0].code == "more-problems"
