"""What is done to entries between reading one format and writing another, when it is asked for."""
