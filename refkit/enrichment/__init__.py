"""Finding what is missing: plan, ask, judge, merge, and keep a ledger."""
