"""One plan that most tests are about, with an open question."""

PLAN = """
# Slugs

## Request

Add slugs.

## Requirements

- R1: slugs
- R2: documented

## Open questions

- Q1: which alphabet?
  - options: ascii | unicode
  - answer:

## Tasks

- [ ] T1: write it
  - category: quick
  - files: `src/app.py:2-4`
  - covers: R1
  - references: `docs/guide.md`
  - accept: `pytest -q`
- [ ] T2: document it
  - files: `docs/slugs.md` (new)
  - after: T1
  - covers: R2
  - references: `docs/guide.md:3`
  - accept: `pytest -q docs`
""".lstrip("\n")

READY = PLAN.replace("  - answer:\n", "  - answer: ascii\n")
"""Nothing stands in the way of approving this one."""
