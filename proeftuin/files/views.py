"""The screens about files: the list of a page or a pilot, one file with its versions, adding, replacing, taking away.

What must stay true: a form that is refused comes back with everything that was typed, and with the file that was sent
along, so that nobody has to choose or send it again; it all works without a script.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from proeftuin.db import keep_on_refusal, let_go
from proeftuin.errors import Gone, Invalid
from proeftuin.files import judging, limits, queries, service, uploads
from proeftuin.files.content_views import blueprint
from proeftuin.files.formats import ACCEPT, Format
from proeftuin.files.forms import FileForm, RemoveForm
from proeftuin.files.judging import Judged
from proeftuin.files.models import MAX_ALT, MAX_DESCRIPTION, MAX_REASON, Upload
from proeftuin.files.places import Place, get_place
from proeftuin.files.queries import Line
from proeftuin.files.service import Added, Words
from proeftuin.files.upload_views import wants_json
from proeftuin.i18n import _
from proeftuin.pilots.queries import get_head
from proeftuin.web.identity import get_actor
from proeftuin.web.rendering import render
from proeftuin.wiki.queries import get_page
from proeftuin.wiki.rows import require_writer

__all__ = ["blueprint"]

_NO_WORDS = FileForm(Words())


def files(pilot: str | None = None, page: str | None = None) -> ResponseReturnValue:
    """List the files of a page or a pilot, with the form to add one."""
    return _list_page(*_there(pilot, page), _NO_WORDS)


def add(pilot: str | None = None, page: str | None = None) -> ResponseReturnValue:
    """Add a file: one that is sent along, or one that arrived before."""
    place, above = _there(pilot, page)
    require_writer(place.space)
    form = FileForm.parse(request.form)
    upload = None
    try:
        upload = _incoming(place, form)
        if upload is None:
            raise Invalid({"file": _("Kies eerst een bestand.")})
        if upload.file_id is not None:  # the same form sent twice
            return redirect(f"{place.address}#bestand-{upload.file_id}", 303)
        judged = _judged(upload)
        added = service.add(get_actor(), place, name=upload.name, judged=judged, words=form.words)
    except Invalid as refused:
        kept = upload if upload is not None and "file" not in refused.fields else None
        if wants_json():
            return jsonify(errors=refused.fields, upload=kept.token if kept else ""), refused.status
        return _list_page(place, above, form, kept=kept, errors=refused.fields), refused.status
    uploads.finish(upload, added.id)
    return _added(place, added, judged)


for _rule in ("/proeftuinen/<pilot>/bestanden", "/proeftuinen/<pilot>/<page>/bestanden", "/wiki/<page>/bestanden"):
    blueprint.add_url_rule(_rule, "files", files, methods=["GET"])
    blueprint.add_url_rule(_rule, "add", add, methods=["POST"])


@blueprint.get("/bestanden/<int:file_id>")
def view(file_id: int) -> ResponseReturnValue:
    """Show a file with its versions, or what became of it."""
    return _file_page(queries.get_file(get_actor(), file_id))


@blueprint.post("/bestanden/<int:file_id>/vervangen")
def replace(file_id: int) -> ResponseReturnValue:
    """Give a file a new version."""
    actor = get_actor()
    file = queries.get_file(actor, file_id)
    place = get_place(actor, file.subject_id, writing=True)
    form = FileForm.parse(request.form)
    upload = None
    try:
        upload = _incoming(place, form)
        judged = _judged(upload, file.version.format) if upload else None
        number = service.replace(actor, file_id, judged=judged, words=form.words)
    except Invalid as refused:
        kept = upload if upload is not None and "file" not in refused.fields else None
        return _file_html(file, form=form, kept=kept, errors=refused.fields), refused.status
    if upload is not None:
        uploads.finish(upload, file_id)
    changed = number != file.version.number
    flash(
        _("Versie %(n)s staat er. De oude versies blijven te lezen.", n=number)
        if changed
        else _("Er is niets veranderd, dus er is geen nieuwe versie."),
        "good" if changed else "info",
    )
    return redirect(f"/bestanden/{file_id}", 303)


@blueprint.get("/bestanden/<int:file_id>/weghalen")
def remove_form(file_id: int) -> ResponseReturnValue:
    """Ask why a file is taken away."""
    file = queries.get_file(get_actor(), file_id)
    place = get_place(get_actor(), file.subject_id, writing=True)
    return _remove_page(file, place, RemoveForm())


@blueprint.post("/bestanden/<int:file_id>/weghalen")
def remove(file_id: int) -> ResponseReturnValue:
    """Take a file away."""
    actor = get_actor()
    file = queries.get_file(actor, file_id)
    place = get_place(actor, file.subject_id, writing=True)
    form = RemoveForm.parse(request.form)
    try:
        service.remove(actor, file_id, reason=form.reason, erase=form.erase)
    except Invalid as refused:
        return _remove_page(file, place, form, errors=refused.fields), refused.status
    flash(
        _("Het bestand is weggehaald en de inhoud wordt gewist.") if form.erase else _("Het bestand is weggehaald."),
        "good",
    )
    return redirect(place.address, 303)


@blueprint.post("/bestanden/<int:file_id>/terugzetten")
def restore(file_id: int) -> ResponseReturnValue:
    """Put a file back."""
    service.restore(get_actor(), file_id)
    flash(_("Het bestand staat er weer."), "good")
    return redirect(f"/bestanden/{file_id}", 303)


def _there(pilot: str | None, page: str | None) -> tuple[Place, dict[str, Any]]:
    """Return what the files belong to, and what stands above them on the screen."""
    actor = get_actor()
    if page is not None:
        of_page = get_page(actor, pilot, page)
        return get_place(actor, of_page.id), {"page": of_page, "head": None}
    of_pilot = get_head(actor, pilot or "")
    return get_place(actor, of_pilot.id), {"page": None, "head": of_pilot}


def _incoming(place: Place, form: FileForm) -> Upload | None:
    """Return the file that the form names or brings; what it brings is kept, also when the form is refused."""
    actor = get_actor()
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return uploads.get(actor, form.upload) if form.upload else None
    content = sent.stream.read()
    sent.close()
    upload = uploads.start(actor, place, name=sent.filename, size=len(content))
    uploads.add_piece(upload, 0, content)
    return upload


def _judged(upload: Upload, wanted: Format | None = None) -> Judged:
    """Return what arrived, judged, without holding the database meanwhile; what is refused is thrown away."""
    content = uploads.whole(upload)
    let_go()
    try:
        return judging.judge(content, wanted)
    except Invalid:
        uploads.drop(upload)
        keep_on_refusal()
        raise


def _added(place: Place, added: Added, judged: Judged) -> ResponseReturnValue:
    note = _note(added, judged)
    if wants_json():
        markdown = queries.markdown_for(added.name, added.format, added.alt)
        return jsonify(id=added.id, name=added.name, markdown=markdown, message=note), 201
    flash(note, "good" if added.is_new else "info")
    return redirect(f"{place.address}#bestand-{added.id}", 303)


def _note(added: Added, judged: Judged) -> str:
    if not added.is_new:
        return _("Dit bestand stond er al. Er is niets veranderd.")
    notes = [_("%(name)s is toegevoegd.", name=added.name)]
    if added.is_renamed:
        notes.append(_("Er was al een bestand met die naam, dus het kreeg een nummer."))
    if judged.picture and judged.picture.was_moving:
        notes.append(_("De afbeelding bewoog. We bewaren het eerste beeld."))
    return " ".join(notes)


def _list_page(place: Place, above: Mapping[str, Any], form: FileForm, **more: Any) -> str:
    return render(
        "files/list.html",
        home=place,
        files=queries.list_files(get_actor(), place),
        form=form,
        room=limits.room(),
        accept=ACCEPT,
        max_alt=MAX_ALT,
        max_description=MAX_DESCRIPTION,
        **above,
        **{"errors": {}, "kept": None, **more},
    )


def _file_page(file: Line) -> ResponseReturnValue:
    page = _file_html(file)
    return (page, Gone.status) if file.is_gone else page


def _file_html(file: Line, **more: Any) -> str:
    place = get_place(get_actor(), file.subject_id)
    now = file.version
    return render(
        "files/file.html",
        home=place,
        file=file,
        versions=queries.list_versions(file),
        room=limits.room(),
        accept=",".join(now.format.endings) if not now.format.is_picture else "image/*",
        max_alt=MAX_ALT,
        max_description=MAX_DESCRIPTION,
        **{
            "form": FileForm(Words(now.alt, now.is_decorative, now.description)),
            "errors": {},
            "kept": None,
            **more,
        },
    )


def _remove_page(file: Line, place: Place, form: RemoveForm, **more: Any) -> str:
    return render(
        "files/remove.html", file=file, home=place, form=form, max_reason=MAX_REASON, **{"errors": {}, **more}
    )
