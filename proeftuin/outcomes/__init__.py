"""What was measured in a pilot: answers by code, what follows from them, and what may be said of it."""
