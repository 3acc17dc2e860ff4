"""The screen of a side version: what was not chosen when two texts met, beside the version that came of it.

What must stay true: whoever may read the page may read it, unless a version from which its words come is hidden.
"""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import hiding, history, queries, side_versions
from proeftuin.wiki.edit_views import on_page


@on_page("/opzij/<int(max=2147483647):number>")
def side_version(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Show what was left out, and the whole text that was sent compared with the version."""
    head = queries.get_page(get_actor(), pilot, page)
    side = side_versions.get_side(head.id, number)
    hidden = hiding.list_hidings(head.id).keys() & {side.base, side.against, side.number}
    rows = () if hidden else history.compare_texts(queries.get_text(head.id, side.number), side.text)
    return render(
        "wiki/side_version.html",
        page=head,
        side=side,
        version=history.get_version(head, side.number),
        hidden=sorted(hidden),
        rows=rows,
        inline=request.args.get("weergave") == "onder-elkaar",
    )
