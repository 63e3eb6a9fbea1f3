"""Intake: ids, references and titles as people have them, settled to records or kept as given."""
