"""In and out: a pilot as files that open without us, and texts from elsewhere with all their versions."""
