"""A sample of how to extend refkit: a format, a source, a rule and a command."""
