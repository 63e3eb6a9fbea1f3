"""refkit inside other programs: what it is to their plugin systems."""
