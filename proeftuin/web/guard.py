"""What stands before every view: language, signing in, tokens against forged forms, and headers.

No one loses what they typed: when a sign-in or a token has expired, the answer to a POST is a page that holds
everything that was sent and asks to sign in again in place (`templates/errors/resume.html`). Sending that page
does the same act again with the same text.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Response, abort, current_app, g, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError, CSRFProtect

from proeftuin import i18n
from proeftuin.accounts import devices, halfway, service
from proeftuin.accounts.halfway import Entrance, Step
from proeftuin.errors import Gone, Invalid, NotAllowed, NotFound, TooMany
from proeftuin.i18n import _
from proeftuin.web.application import SAFE_METHODS, Application, settings
from proeftuin.web.cast import cast_of_demo
from proeftuin.web.identity import SignInNeeded, enter, enter_halfway, find_actor, find_half
from proeftuin.web.rendering import address, asked_address, render

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)

PUBLIC_ENDPOINTS = frozenset(
    {
        "assets.file",
        "accounts.sign_in_form",
        "accounts.sign_in",
        "accounts.sign_in_as",
        "accounts.second_step_form",
        "accounts.second_step",
        "accounts.enrol_form",
        "accounts.enrol",
        "accounts.forgot_form",
        "accounts.forgot",
        "accounts.forgot_sent",
        "accounts.choose_password_form",
        "accounts.choose_password",
        "accounts.set_language",
        "web.healthz",
        "web.readyz",
        "following.site_feed",
        "following.pilot_feed",
    }
)

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "manifest-src 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_UNPRINTABLE = {code: None for code in (*range(32), 127) if chr(code) not in "\t\n\r"}  # HTML cannot hold these
LARGE_TEXTS = frozenset(
    {
        "talk.edit",
        "talk.reopen",
        "talk.reply",
        "talk.start",
        "wiki.create",
        "wiki.keep_draft",
        "wiki.revise",
        "wiki.save",
        "wiki.start_about",
        "wiki.suggest",
    }
)
"""Where somebody who is signed in may send more than can be saved: it is refused with a sentence, and not lost."""
LARGEST_TEXT = 16_000_000
SIGNS_IN = frozenset({"resume_email", "resume_as", "resume_code"})
NOT_RESENT = SIGNS_IN | {"csrf_token", "resume_password", "one_time_code", "recovery_codes"}


def init_app(app: Application) -> None:
    """Put the guards before every view, in order, and the headers on every answer."""
    tokens = CSRFProtect(app)
    app.before_request(lambda: _stand_guard(tokens))
    app.register_error_handler(CSRFError, _token_expired)
    app.register_error_handler(SignInNeeded, _sign_in_needed)
    app.after_request(_add_headers)
    app.wsgi_app = HeadersEverywhere(app.wsgi_app, is_https=app.settings.is_https)  # type: ignore[method-assign]


def _stand_guard(tokens: CSRFProtect) -> ResponseReturnValue | None:
    """Do in order what stands before every view; a request that changes nothing needs no token."""
    _speak()
    changes = request.method not in SAFE_METHODS
    if changes:
        _make_room()
    _refuse_nul()
    if changes:
        _refuse_other_sites()
        if request.endpoint is not None:
            tokens.protect()
    return _require_sign_in()


def _speak() -> None:
    """Speak the language of the person, else of the cookie, else of the installation."""
    actor = find_actor()
    chosen = actor.language if actor else request.cookies.get("language", "")
    i18n.set_language(chosen if chosen in i18n.LANGUAGES else settings().language)


def _make_room() -> None:
    """Read a larger form than usual, so that a text which is too long can be given back."""
    if request.endpoint in LARGE_TEXTS and find_actor() is not None:
        request.max_content_length = LARGEST_TEXT
        request.max_form_memory_size = LARGEST_TEXT


def _refuse_nul() -> None:
    """Refuse the one character that no database can hold, wherever it was put."""
    address = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path
    if "%00" in address or "\x00" in request.path or (request.method not in SAFE_METHODS and _form_has_nul()):
        abort(400)


def _form_has_nul() -> bool:
    return any("\x00" in text for pair in request.form.items(multi=True) for text in pair)


def _refuse_other_sites() -> None:
    """Refuse a form on another site before its text is shown as if it were the reader's own."""
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        log.warning("a form of another site was refused")
        raise NotAllowed(_("Dit formulier kwam van een andere site. Er is niets gedaan."))


def _require_sign_in() -> ResponseReturnValue | None:
    if request.endpoint is None or request.endpoint in PUBLIC_ENDPOINTS or find_actor() is not None:
        return None
    if request.method in SAFE_METHODS or request.form.keys().isdisjoint(SIGNS_IN):
        raise SignInNeeded
    return _sign_in_again()


def _sign_in_again() -> ResponseReturnValue | None:
    """Sign in with what the resume page sent along, then let the same request go on to what it is for."""
    try:
        entrance = _resumed()
    except (Invalid, NotFound, TooMany, Gone) as refusal:
        g.unit.end(accepted=False)
        wait = {"Retry-After": str(refusal.retry_after)} if isinstance(refusal, TooMany) else {}
        status = refusal.status if wait else 401
        if isinstance(refusal, Gone):
            enter_halfway("")
        return resume_page(error=refusal.message or _("Inloggen lukte niet. Probeer het nog eens.")), status, wait
    g.unit.end(accepted=True)  # whoever is in stays in, also when the act itself is refused
    if entrance.step is not Step.NOTHING:
        enter_halfway(entrance.token)
        return resume_page(error="", step=entrance.step), 401
    enter(entrance.token)
    _speak()
    return None


def _resumed() -> Entrance:
    """Return how far the resume page brings somebody, with a person of the demo, a code, or a password."""
    form, device = request.form, devices.describe(request.user_agent.string)
    chosen = form.get("resume_as", "")
    if chosen.isascii() and chosen.isdigit() and len(chosen) <= 9:
        return Entrance(service.sign_in_as(int(chosen), device=device), Step.NOTHING)
    if "resume_code" in form:
        token, _proof = halfway.finish(find_half(), form["resume_code"])
        return Entrance(token, Step.NOTHING)
    return service.sign_in(
        form.get("resume_email", ""),
        form.get("resume_password", ""),
        device=device,
        address=request.remote_addr or "",
    )


def _token_expired(error: CSRFError) -> ResponseReturnValue:
    log.warning("a form without a good token was refused: %s", error.description)
    if _is_script():
        return _told_script(403 if find_actor() else 401)
    if request.endpoint in PUBLIC_ENDPOINTS:
        return _expired_page(), 403
    return resume_page(error=""), 403


def _expired_page() -> str:
    """Return the page that asks to open a form for visitors again; what they typed there is not worth keeping."""
    return render(
        "errors/error.html",
        status=403,
        message=_("Deze pagina was verlopen. Er is niets gedaan. Open hem opnieuw en probeer het nog eens."),
        way_out=asked_address() if _can_be_read(request.path) else address("accounts.sign_in_form"),
        typed=[],
        retry_after=0,
        query="",
    )


def _can_be_read(path: str) -> bool:
    adapter = current_app.url_map.bind("")
    return adapter.test(path, method="GET")


def _sign_in_needed(error: SignInNeeded) -> ResponseReturnValue:
    if request.method in SAFE_METHODS:
        return redirect(address("accounts.sign_in_form", next=asked_address()), 303)
    if _is_script():
        return _told_script(401)
    return resume_page(error=""), 401


def _is_script() -> bool:
    """Tell whether a script of ours is asking: it keeps the text itself and cannot show a page."""
    return request.headers.get("X-Requested-With") == "fetch"


def _told_script(status: int) -> ResponseReturnValue:
    sentence = _("Je bent uitgelogd.") if status == 401 else _("Deze pagina was verlopen.")
    return jsonify(message=sentence), status


def resume_page(*, error: str, step: Step | None = None) -> str:
    """Return the page that keeps everything that was sent and asks to sign in again in place, or for the code."""
    fields = posted_fields()
    half = halfway.find(find_half()) if step is None and find_half() else None
    return render(
        "errors/resume.html",
        action=asked_address(),
        fields=fields,
        typed=[(name, value) for name, value in fields if value.strip()],
        error=error,
        demo=settings().demo,
        cast=cast_of_demo(),
        step=step or (half.step if half else Step.NOTHING),
    )


def posted_fields() -> list[tuple[str, str]]:
    """Return every field that was sent, without tokens and passwords."""
    return [
        (name.translate(_UNPRINTABLE), value.translate(_UNPRINTABLE))
        for name, values in request.form.lists()
        if name not in NOT_RESENT and "password" not in name
        for value in values
    ]


def _add_headers(response: Response) -> Response:
    headers = response.headers
    if "Cache-Control" not in headers:
        headers["Cache-Control"] = "private, no-cache"
    if response.mimetype == "text/html":
        headers["Content-Language"] = i18n.language()
        headers["Vary"] = "Cookie"
    return response


class HeadersEverywhere:
    """Adds the headers that protect the reader to every answer, whatever made it."""

    def __init__(self, application: WSGIApplication, *, is_https: bool) -> None:
        self.application = application
        self.headers = [*HEADERS.items()]
        if is_https:
            self.headers.append(("Strict-Transport-Security", "max-age=31536000"))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            # An answer with a stricter policy of its own keeps it.
            own = any(name == "Content-Security-Policy" for name, _value in headers)
            return start_response(status, headers + (self.headers[1:] if own else self.headers), *rest)

        return self.application(environ, start)
