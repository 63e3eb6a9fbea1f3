"""Lock files: what was found out of works, so that it can be used again without asking."""
