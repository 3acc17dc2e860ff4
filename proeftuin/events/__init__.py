"""What happened, and what still has to be done because of it."""
