"""File formats, one module or package each, with one mapping table used both ways."""
