"""Pages and their versions."""
