"""What a browser would send: the fields of a form as it stands on a screen."""

from __future__ import annotations

import html
import re


def fields_of(screen: str, action: str) -> dict[str, str | list[str]]:
    """Return the fields of the form that is sent to an address, with whatever is checked, but not its token."""
    start = screen.index(f'action="{action}"')
    form = screen[start : screen.index("</form>", start)]
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        values = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if values.get("type") in ("checkbox", "radio") and not re.search(r"\schecked\b", tag):
            continue
        if "name" in values and "form" not in values:
            found.setdefault(values["name"], []).append(values.get("value", ""))
    for name, value in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.S):
        found.setdefault(name, []).append(value)
    form_id = re.search(r'id="([^"]+)"', screen[screen.rindex("<form", 0, start + 1) : screen.index(">", start)])
    if form_id:  # boxes elsewhere on the screen that belong to it
        for tag in re.findall(rf'<input [^>]*form="{form_id[1]}"[^>]*>', screen):
            values = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
            if re.search(r"\schecked\b", tag):
                found.setdefault(values["name"], []).append(values["value"])
    del found["csrf_token"]
    clean = {name: [html.unescape(value).replace("\n", "\r\n") for value in each] for name, each in found.items()}
    return {name: each[0] if len(each) == 1 else each for name, each in clean.items()}
