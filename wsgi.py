"""What the server starts: `gunicorn wsgi:app`."""

from proeftuin import create_app

app = create_app()
