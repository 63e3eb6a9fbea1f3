"""The matching benchmark; see `python -m tests.bench.matching --help`."""
