"""The intake benchmark; see `python -m tests.bench.intake --help`."""
