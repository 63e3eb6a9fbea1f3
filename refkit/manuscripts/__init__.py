"""Which works a manuscript cites, and where: LaTeX, Pandoc's Markdown, Typst and .aux files."""
