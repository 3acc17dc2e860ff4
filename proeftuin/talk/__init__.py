"""Conversations: threads of comments under a subject. Knows nothing of what the subject is."""
