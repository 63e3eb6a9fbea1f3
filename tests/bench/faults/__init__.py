"""What outages do to a run, measured."""
