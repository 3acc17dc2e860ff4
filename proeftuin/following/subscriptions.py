"""What this package does when something happens elsewhere, and the jobs it handles."""

from flask import Flask

from proeftuin.accounts import service as accounts
from proeftuin.events import jobs
from proeftuin.events import service as events
from proeftuin.following import notify, overdue, service


def init_app(app: Flask) -> None:
    """Hear of every event, tell people of it after the commit, and begin a visit when someone signs in."""
    events.subscribe("following", notify.hear)
    jobs.handles(notify.NOTIFY, notify.notify)
    jobs.handles(overdue.NIGHT, overdue.do_job)
    jobs.handles(overdue.MAIL, overdue.mail_out)
    if service.move_bookmark not in accounts.after_sign_in:
        accounts.after_sign_in.append(service.move_bookmark)
