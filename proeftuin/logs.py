"""Log lines for the operator: one JSON object a line, with the number of the request, without texts of people."""

from __future__ import annotations

import json
import logging
import secrets
from typing import Any

from flask import Flask, g, has_request_context, request


class JsonFormatter(logging.Formatter):
    """Write a record as one line of JSON, so that a line break in a value cannot forge a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if has_request_context():
            line |= {"request": request_number(), "method": request.method, "endpoint": request.endpoint}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def init_app(app: Flask) -> None:
    """Log the product's messages as JSON on standard error."""
    root = logging.getLogger("proeftuin")
    if not app.config["TESTING"] and not root.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonFormatter())
        root.addHandler(handler)
        root.setLevel(logging.INFO)


def request_number() -> str:
    """Return the number of the request at hand, by which its lines are found; most requests never need one."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(6)
    number: str = g.request_id
    return number
