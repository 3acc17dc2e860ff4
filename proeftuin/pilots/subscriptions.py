"""What this package does when something happens elsewhere, and the jobs it handles."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Subscribe to events and register jobs."""
