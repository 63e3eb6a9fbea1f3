"""Which works a manuscript cites, and where: LaTeX, its auxiliary files, Markdown, Typst."""
