"""Markdown in, safe HTML out: the only package that knows the Markdown library and bleach.

What must stay true: it knows nothing of Flask, the database or the rest of Proeftuin (a caller passes `resolve`), and
every HTML string it returns went through `sanitize`.
"""

from proeftuin.markup.plain import excerpt, plain
from proeftuin.markup.render import RENDERER_VERSION, find_targets, render
from proeftuin.markup.values import Heading, Labels, Link, Rendered

__all__ = ["RENDERER_VERSION", "Heading", "Labels", "Link", "Rendered", "excerpt", "find_targets", "plain", "render"]
