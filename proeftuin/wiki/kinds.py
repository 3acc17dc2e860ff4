"""The kinds of pages, and the text a new page of a kind begins with.

The texts ask what a reader wants to know; a writer answers under each heading, or throws the heading away. They are
part of the content and so in Dutch, whatever language the writer's screens speak.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from proeftuin.wiki.models import PageKind

_PROGRESS = """\
Begin met één zin: wat is er sinds de vorige keer gebeurd?

## Wat ging goed


## Wat ging niet goed


## Wat hebben we nodig


## Wat passen we aan

"""

_REVIEW = """\
Begin met het antwoord, in één of twee zinnen.

## Wat was de vraag


## Wat kwam eruit

Ook wat tegenviel en wat we niet weten.

## Voor wie geldt dit

Bij welke teams, in welk werk, onder welke omstandigheden?

## Wat raden we aan

- Doen:
- Niet doen:
- Nog uitzoeken:
"""

_DECISION = """\
Begin met het besluit, in één zin.

## Wat is er besloten


## Wie besloot dat, en wanneer


## Waarom


## Wat is overwogen en afgevallen


## Wat gebeurt er nu, en wanneer kijken we terug

"""

STARTING_TEXTS: Mapping[PageKind, str] = MappingProxyType(
    {PageKind.PROGRESS: _PROGRESS, PageKind.REVIEW: _REVIEW, PageKind.DECISION: _DECISION}
)


def starting_text(kind: PageKind) -> str:
    """Return the text with which a new page of a kind begins."""
    return STARTING_TEXTS.get(kind, "")
