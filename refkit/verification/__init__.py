"""Whether what an entry says is what the record of its work says."""
