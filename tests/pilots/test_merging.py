"""Two forms about one plan: what one person changed is kept, what both changed is never overwritten unseen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from proeftuin.pilots.plan import TEXTS, fingerprints, merge, new_key, read_base, write_base

NAMES = TEXTS[:4]
PLANS = st.fixed_dictionaries({name: st.sampled_from(["", "a", "b", "c"]) for name in NAMES})


@given(shown=PLANS, theirs=PLANS, mine=PLANS)
def test_each_field_ends_as_someone_wanted_it_or_is_asked_about(
    shown: dict[str, str], theirs: dict[str, str], mine: dict[str, str]
) -> None:
    merged = merge(fingerprints(shown), theirs, mine)
    for name in NAMES:
        if name in merged.conflicts:
            assert len({shown[name], theirs[name], mine[name]}) == 3
        elif theirs[name] == shown[name]:
            assert merged.accepted.get(name, theirs[name]) == mine[name]
        elif mine[name] == shown[name]:
            assert name not in merged.accepted
        else:
            assert mine[name] == theirs[name]


@given(shown=PLANS, mine=PLANS)
def test_nobody_else_means_no_conflict(shown: dict[str, str], mine: dict[str, str]) -> None:
    merged = merge(fingerprints(shown), shown, mine)
    assert not merged.conflicts
    assert {**shown, **merged.accepted} == mine


@given(theirs=PLANS, mine=PLANS)
def test_a_form_without_a_base_overwrites_nothing(theirs: dict[str, str], mine: dict[str, str]) -> None:
    assert merge({}, theirs, mine).accepted == {}


def test_the_hidden_field_can_be_read_back() -> None:
    key, base = new_key(), fingerprints({"title": "Één titel", "theme_ids": (3, 1), "starts_on": None})
    assert read_base(write_base(key, base)) == (key, base)


@given(st.text(max_size=300))
def test_any_text_in_the_hidden_field_is_harmless(raw: str) -> None:
    key, base = read_base(raw)
    assert key == "" or len(key) == 24
    assert set(base) <= {"title", "department_id", "theme_ids", "starts_on", "ends_on", "max_participants", *TEXTS}
