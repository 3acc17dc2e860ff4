"""Markdown in, safe HTML out: the only package that knows the Markdown library and bleach.

What must stay true: it knows nothing of Flask, the database or the rest of Proeftuin (a caller passes `resolve`), and
every HTML string it returns went through `sanitize`.
"""

from proeftuin.markup.files import find_files
from proeftuin.markup.outline import Place, outline
from proeftuin.markup.plain import excerpt, plain
from proeftuin.markup.render import RENDERER_VERSION, find_targets, render
from proeftuin.markup.targets import is_target, replace_targets
from proeftuin.markup.values import Attachment, Heading, Labels, Link, Rendered

__all__ = [
    "RENDERER_VERSION",
    "Attachment",
    "Heading",
    "Labels",
    "Link",
    "Place",
    "Rendered",
    "excerpt",
    "find_files",
    "find_targets",
    "is_target",
    "outline",
    "plain",
    "render",
    "replace_targets",
]
