"""The screens on which a page is deleted and brought back, and the tombstone that stands at its address.

What must stay true: a deleted page answers 410 at every address under it, but for its history and its talk.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import Gone, Invalid, NotAllowed
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import deletion, queries
from proeftuin.wiki.checks import MAX_SUMMARY
from proeftuin.wiki.edit_views import on_page
from proeftuin.wiki.policy import may_write
from proeftuin.wiki.queries import PageHead
from proeftuin.wiki.rows import require_writer
from proeftuin.wiki.spaces import get_space
from proeftuin.wiki.titles import MAX_TITLE

NONE: Mapping[str, str] = MappingProxyType({})


@on_page("/verwijderen")
def delete_form(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Ask why a page must go, and tell what happens then."""
    return _delete_page(_deletable(pilot, page), "")


@on_page("/verwijderen", method="POST")
def delete(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Delete a page."""
    head = _deletable(pilot, page)
    reason = request.form.get("reason", "")
    try:
        deletion.delete_page(get_actor(), head, reason=reason)
    except Invalid as refused:
        return _delete_page(head, reason, refused.fields), refused.status
    flash(_("De pagina is verwijderd. Je kunt haar terughalen op haar oude adres."), "good")
    return redirect(head.path, 303)


@on_page("/terughalen", method="POST")
def undelete(page: str, pilot: str | None = None) -> ResponseReturnValue:
    """Bring a deleted page back."""
    head = queries.get_page(get_actor(), pilot, page, deleted=True)
    title = request.form.get("title", head.title)
    try:
        deletion.undelete_page(get_actor(), head, title=title)
    except Invalid as refused:
        return tombstone_page(head, title=title, errors=refused.fields), refused.status
    flash(_("De pagina is terug, met haar versies en haar gesprek."), "good")
    return redirect(head.path, 303)


def tombstone(pilot: str | None, page: str) -> ResponseReturnValue:
    """Tell what became of a page that was deleted."""
    head = queries.get_page(get_actor(), pilot, page, deleted=True)
    return tombstone_page(head, title=head.title), Gone.status


def tombstone_page(head: PageHead, *, title: str, errors: Mapping[str, str] = NONE) -> str:
    """Return the page at the address of a deleted page."""
    return render(
        "wiki/deleted.html",
        page=head,
        tombstone=deletion.get_tombstone(get_space(get_actor(), head.space_id), head.id),
        may_restore=may_write(get_actor(), head.state, head.standing),
        title=title,
        errors=errors,
        max_title=MAX_TITLE,
    )


def _deletable(pilot: str | None, page: str) -> PageHead:
    head = queries.get_page(get_actor(), pilot, page)
    require_writer(head.space)
    if deletion.keeps_its_place(head.kind, head.slug, head.pilot):
        raise NotAllowed(deletion.stays())
    return head


def _delete_page(head: PageHead, reason: str, errors: Mapping[str, str] = NONE) -> str:
    links = queries.list_backlinks(get_actor(), head)
    return render("wiki/delete.html", page=head, reason=reason, links=links, errors=errors, max_reason=MAX_SUMMARY)
