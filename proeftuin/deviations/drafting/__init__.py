"""Writing a version: the draft, its page, the legal check."""
