"""The blueprint of the register. Every module of screens has a function `register(blueprint)`, called here."""

from __future__ import annotations

from flask import Blueprint

from proeftuin.deviations import act_views, card_views, oversight_views, position_views, register_views, submit_views

blueprint = Blueprint("deviations", __name__)
for screens in (card_views, position_views, act_views, register_views, oversight_views, submit_views):
    screens.register(blueprint)
