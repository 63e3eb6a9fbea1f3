"""How faithfully refkit and its peers convert, on outside suites, in one run."""
