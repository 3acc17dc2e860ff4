"""The blueprint of the register. Every module of screens has a function `register(blueprint)`, called here."""

from __future__ import annotations

from flask import Blueprint

from proeftuin.deviations.acting import act_views, position_views, submit_views
from proeftuin.deviations.oversight import views as oversight_views
from proeftuin.deviations.register import views as register_views
from proeftuin.deviations.showing import views as card_views

blueprint = Blueprint("deviations", __name__)
for screens in (card_views, position_views, act_views, register_views, oversight_views, submit_views):
    screens.register(blueprint)
