"""The screens of one version: to read it, to hide it when the law asks that, and to show it again."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.errors import Conflict, Gone, Invalid
from proeftuin.i18n import _
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki import hiding, history, queries
from proeftuin.wiki.checks import MAX_SUMMARY
from proeftuin.wiki.edit_views import on_page
from proeftuin.wiki.policy import may_hide
from proeftuin.wiki.queries import PageHead

NONE: Mapping[str, str] = MappingProxyType({})
VERSION = "/versies/<int(max=2147483647):number>"


@on_page(VERSION)
def version(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Show a page as it was in one version, or who hid that version and why."""
    head = _head(pilot, page)
    shown = history.get_version(head, number)
    if hiding.find_hiding(head.id, number) is not None:
        return _hidden_page(head, number), Gone.status
    return render(
        "wiki/version.html",
        page=head,
        version=shown,
        rendered=queries.render_version(head, number),
        may_hide=not shown.is_current and may_hide(get_actor(), head.audience, head.standing),
    )


@on_page(f"{VERSION}/verbergen")
def hide_form(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Ask why a version must be hidden, and tell what happens then."""
    head = _head(pilot, page)
    hiding.require_hider(get_actor(), head)
    shown = history.get_version(head, number)
    if hiding.find_hiding(head.id, number) is not None:
        return redirect(f"{head.path}/versies/{number}", 303)
    if shown.is_current:
        raise Conflict(hiding.newest_stays(), way_out=head.path)
    return _hide_page(head, number, "")


@on_page(f"{VERSION}/verbergen", method="POST")
def hide(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Hide a version."""
    head = _head(pilot, page)
    reason = request.form.get("reason", "")
    try:
        hiding.hide(get_actor(), head, number, reason=reason)
    except Invalid as refused:
        return _hide_page(head, number, reason, refused.fields), refused.status
    flash(_("Versie %(n)s is verborgen. Niemand kan de tekst nog lezen.", n=number), "good")
    return redirect(f"{head.path}/geschiedenis", 303)


@on_page(f"{VERSION}/tonen", method="POST")
def show(page: str, number: int, pilot: str | None = None) -> ResponseReturnValue:
    """Show a hidden version again."""
    head = _head(pilot, page)
    reason = request.form.get("reason", "")
    try:
        hiding.show(get_actor(), head, number, reason=reason)
    except Invalid as refused:
        return _hidden_page(head, number, reason, refused.fields), refused.status
    flash(_("Versie %(n)s is weer te lezen.", n=number), "good")
    return redirect(f"{head.path}/versies/{number}", 303)


def _head(pilot: str | None, page: str) -> PageHead:
    return queries.get_page(get_actor(), pilot, page, deleted=True)


def _hide_page(head: PageHead, number: int, reason: str, errors: Mapping[str, str] = NONE) -> str:
    version = history.get_version(head, number)
    return render("wiki/hide.html", page=head, version=version, reason=reason, errors=errors, max_reason=MAX_SUMMARY)


def _hidden_page(head: PageHead, number: int, reason: str = "", errors: Mapping[str, str] = NONE) -> str:
    return render(
        "wiki/hidden.html",
        page=head,
        version=history.get_version(head, number),
        hiding=hiding.find_hiding(head.id, number),
        may_show=may_hide(get_actor(), head.audience, head.standing),
        reason=reason,
        errors=errors,
        max_reason=MAX_SUMMARY,
    )
