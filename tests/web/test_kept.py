"""What a macro printed is printed again for equal arguments, and only for those."""

from __future__ import annotations

import pytest
from markupsafe import Markup

from proeftuin.web import kept
from proeftuin.web.kept import Once


class Macro:
    """A macro that counts how often it is called."""

    def __init__(self, size: int = 1) -> None:
        self.calls = 0
        self.size = size

    def __call__(self, *arguments: object) -> Markup:
        self.calls += 1
        return Markup(",").join(map(str, arguments)) * self.size


def test_equal_arguments_are_printed_once_and_others_anew() -> None:
    once, macro = Once(), Macro()
    assert [once(macro, "a", 1), once(macro, "a", 1), once(macro, "a", 2)] == ["a,1", "a,1", "a,2"]
    assert macro.calls == 2
    assert once(Macro(), "b") == "b"


def test_what_is_used_stays_and_the_rest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "ROOM", 3 * kept.BESIDES)
    once, macro = Once(), Macro()
    for number in range(50):
        once(macro, "often")
        once(macro, number)
    assert macro.calls == 51
    once(macro, 0)
    assert macro.calls == 52


def test_a_long_piece_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LARGEST", 10)
    once, macro = Once(), Macro(size=20)
    assert once(macro, "a") == once(macro, "a") == "a" * 20
    assert macro.calls == 2
