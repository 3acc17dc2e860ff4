"""Finding everything again."""
