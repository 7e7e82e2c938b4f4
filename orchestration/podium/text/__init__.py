"""Text on its way to a reader, whoever wrote it.  The standard library is all it needs.

Titles, paths, output and messages come from repositories, models and programs.  Each reader has
a function here, named after where the text goes:

- `plain.one_line`, `plain.block`, `plain.paragraph`: a person, on a line, a terminal, in an editor;
- `markdown.prose`, `markdown.code`, `markdown.code_block`: Markdown that somebody renders;
- `models.fenced`: a model, as data.

What a state is called says `podium.domain.standing`, on every screen alike.
"""
