"""Whatever is done to a log, the verifier finds it against a seal held elsewhere, and names the first bad entry."""

from __future__ import annotations

import ast
import random
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from proeftuin.audit import verifier
from proeftuin.audit.verifier import Report, verify
from tests.audit.logs import Log, fields_of, made, rebuilt, whole

Spoil = Callable[[Log, random.Random], int]
SEEDS = range(20)


def _place(log: Log, chance: random.Random) -> int:
    return chance.randrange(1, len(log.entry_lines) + 1)


def changed_byte(log: Log, chance: random.Random) -> int:
    place = _place(log, chance)
    line = bytearray(log.entry_lines[place - 1])
    at = chance.randrange(len(line))
    line[at] ^= 1 << chance.randrange(7)
    if line[at] in b"\r\n":
        line[at] = 0
    log.entry_lines[place - 1] = bytes(line)
    return place


def changed_field(log: Log, chance: random.Random) -> int:
    """Change a field and leave the hash as it was."""
    place = _place(log, chance)
    fields = fields_of(log.entry_lines[place - 1])
    name = chance.choice(sorted(fields))
    fields[name] = 999_999 if name in ("position", "object", "subject") else f"{fields[name]}x"
    log.entry_lines[place - 1] = verifier.entry_line(
        verifier.read_line(whole(fields)).body,  # type: ignore[union-attr]  # it was just made
        log.entry_lines[place - 1][-66:-2].decode(),
    )
    return place


def blanked(log: Log, chance: random.Random) -> int:
    place = _place(log, chance)
    log.entry_lines[place - 1] = b""
    return place


def deleted(log: Log, chance: random.Random) -> int:
    place = _place(log, chance)
    del log.entry_lines[place - 1]
    return place


def deleted_several(log: Log, chance: random.Random) -> int:
    places = sorted({_place(log, chance) for _ in range(3)})
    for place in reversed(places):
        del log.entry_lines[place - 1]
    return places[0]


def cut_tail(log: Log, chance: random.Random) -> int:
    place = _place(log, chance)
    del log.entry_lines[place - 1 :]
    return place


def doubled(log: Log, chance: random.Random) -> int:
    place = _place(log, chance)
    log.entry_lines.insert(place - 1, log.entry_lines[place - 1])
    return place + 1  # the first that is not what it was


def inserted_forged(log: Log, chance: random.Random) -> int:
    """Insert an entry that is whole and names the entry before it."""
    place = _place(log, chance)
    log.entry_lines.insert(place - 1, whole(fields_of(log.entry_lines[place - 1]) | {"act": "cao:published"}))
    return place


def swapped(log: Log, chance: random.Random) -> int:
    first, second = sorted(chance.sample(range(len(log.entry_lines)), 2))
    lines = log.entry_lines
    lines[first], lines[second] = lines[second], lines[first]
    return first + 1


def reversed_part(log: Log, chance: random.Random) -> int:
    first, second = sorted(chance.sample(range(len(log.entry_lines)), 2))
    log.entry_lines[first : second + 1] = log.entry_lines[first : second + 1][::-1]
    return first + 1


def rotated(log: Log, chance: random.Random) -> int:
    log.entry_lines.append(log.entry_lines.pop(0))
    return 1


def changed_content(log: Log, chance: random.Random) -> int:
    place = _place(log, chance)
    log.content_lines[place - 1] = log.content_lines[place - 1].replace(b"summary", b"Summary")
    return place


def deleted_content(log: Log, chance: random.Random) -> int:
    place = _place(log, chance)
    del log.content_lines[place - 1]
    return place


def erased_in_silence(log: Log, chance: random.Random) -> int:
    place = _place(log, chance)
    log.content_lines[place - 1] = b'{"erased":true,"position":%d}' % place
    return place


SPOILS: list[Spoil] = [
    changed_byte,
    changed_field,
    blanked,
    deleted,
    deleted_several,
    cut_tail,
    doubled,
    inserted_forged,
    swapped,
    reversed_part,
    rotated,
    changed_content,
    deleted_content,
    erased_in_silence,
]


def a_log(chance: random.Random) -> Log:
    return made(chance, chance.randrange(2, 40), chance.randrange(1, 5))


def named(report: Report) -> int:
    bad = report.first_bad
    assert bad is not None, report
    assert bad.first == bad.last, f"not one entry: {bad}"
    return bad.first


@pytest.mark.parametrize("seed", SEEDS)
def test_a_log_that_nobody_touched_is_right(seed: int) -> None:
    log = a_log(random.Random(seed))
    report = verify(log, [log.seal(), log.seal(0)])
    assert report.findings == []
    assert (report.entries, report.held) == (len(log.entry_lines), 2)


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_spoiling_is_found_and_the_first_bad_entry_named(spoil: Spoil, seed: int) -> None:
    chance = random.Random(seed)
    log = a_log(chance)
    spoiled = log.copy()
    place = spoil(spoiled, chance)
    assert named(verify(spoiled, [log.seal()])) == place


@pytest.mark.parametrize("spoil", [spoil for spoil in SPOILS if spoil not in (cut_tail, deleted)])
@pytest.mark.parametrize("seed", SEEDS)
def test_without_a_seal_of_ones_own_the_seals_in_the_log_tell_as_much(spoil: Spoil, seed: int) -> None:
    chance = random.Random(seed)
    spoiled = a_log(chance)
    place = spoil(spoiled, chance)
    assert named(verify(spoiled)) == place


@pytest.mark.parametrize("seed", SEEDS)
def test_one_entry_that_got_a_new_hash_is_the_last_of_the_range_that_is_named(seed: int) -> None:
    chance = random.Random(seed)
    log = a_log(chance)
    spoiled = log.copy()
    place = _place(log, chance)
    spoiled.entry_lines[place - 1] = whole(fields_of(log.entry_lines[place - 1]) | {"act": "page:saved"})
    held = [log.seal(number) for number in range(len(log.seal_lines))]
    bad = verify(spoiled, held).first_bad
    assert bad is not None
    below = max((seal.size for seal in held if seal.size < place), default=0)
    assert (bad.first, bad.last) == (below + 1, place)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_chain_computed_anew_is_found_between_two_seals_and_exactly_with_an_earlier_log(seed: int) -> None:
    chance = random.Random(seed)
    log = a_log(chance)
    forged = log.copy()
    place = _place(log, chance)
    forged.entry_lines[place - 1] = whole(fields_of(log.entry_lines[place - 1]) | {"act": "page:saved"})
    rebuilt(forged, place)
    forged.seal_lines = []
    held = [log.seal(number) for number in range(len(log.seal_lines))]
    bad = verify(forged, held).first_bad
    assert bad is not None
    below = max((seal.size for seal in held if seal.size < place), default=0)
    assert bad.first == below + 1
    assert bad.first <= place <= bad.last
    assert named(verify(forged, held, earlier=log)) == place


@pytest.mark.parametrize("seed", SEEDS)
def test_a_seal_that_was_changed_or_left_out_is_told_as_a_seal(seed: int) -> None:
    chance = random.Random(seed)
    log = made(chance, 20, 5)
    number = chance.randrange(4)
    for lines in (
        [
            line.replace(b'"made":"2026', b'"made":"2027') if at == number else line
            for at, line in enumerate(log.seal_lines)
        ],
        [line for at, line in enumerate(log.seal_lines) if at != number],
        [log.seal_lines[1], log.seal_lines[0], *log.seal_lines[2:]],
    ):
        report = verify(Log(log.entry_lines, log.content_lines, lines), [log.seal()])
        assert {finding.code for finding in report.findings} <= {"seal", "other"}
        assert report.findings
        assert report.first_bad is None


def test_another_seal_of_the_same_day_is_told() -> None:
    chance = random.Random(1)
    mine, theirs = made(chance, 9, 1), made(chance, 9, 1)
    codes = {finding.code for finding in verify(theirs, [mine.seal()]).findings}
    assert "other" in codes
    assert "rebuilt" in codes


def test_entries_that_came_after_the_seal_are_no_fault() -> None:
    chance = random.Random(4)
    log = made(chance, 12, 2)
    fields = fields_of(log.entry_lines[-1]) | {"position": 13, "previous": log.entry_lines[-1][-66:-2].decode()}
    log.entry_lines.append(whole(fields))
    log.content_lines.append(log.content_lines[-1].replace(b'"position":12', b'"position":13'))
    assert verify(log, [log.seal()]).findings == []
    log.entry_lines.append(whole(fields | {"position": 14, "previous": "1" * 64}))
    assert named(verify(log, [log.seal()])) == 14


def test_what_is_withheld_is_counted_and_no_fault() -> None:
    log = made(random.Random(5), 6, 1)
    log.content_lines[2] = b'{"position":3,"withheld":true}'
    report = verify(log, [log.seal()])
    assert (report.findings, report.withheld) == ([], 1)


def test_a_seal_is_read_from_a_letter_a_page_and_a_line() -> None:
    seal = made(random.Random(6), 1_234, 1).seal()
    spaced = " ".join(seal.root[n : n + 8] for n in range(0, 64, 8))
    letter = f"Hallo,\n\ndag: {seal.day}\nomvang: 1.234\nwortel: {spaced}\nkop: {seal.head}\n\nProeftuin"
    assert [each[:4] for each in verifier.find_seals(letter)] == [seal[:4]]
    assert verifier.find_seals(f"> {seal.day}\n{seal.line.decode()}\n") == [seal]
    assert verifier.find_seals("wortel: abc") == []


def write(log: Log, path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as bundle:
        for name, lines in (
            (verifier.ENTRIES, log.entry_lines),
            (verifier.CONTENTS, log.content_lines),
            (verifier.SEALS, log.seal_lines),
        ):
            bundle.writestr(name, b"".join(line + b"\n" for line in lines))
    return path


def test_the_verifier_runs_alone_on_a_bundle(tmp_path: Path) -> None:
    log = made(random.Random(7), 30, 2)
    script = tmp_path / "nakijken.py"
    script.write_bytes(Path(verifier.__file__).read_bytes())
    (tmp_path / "zegel.txt").write_bytes(log.seal().line)
    good = write(log, tmp_path / "goed.zip")
    del log.entry_lines[11]
    bad = write(log, tmp_path / "fout.zip")

    def run(*arguments: str | Path) -> tuple[int, str]:
        command = [sys.executable, "-I", "-S", script, *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    assert run(good, "--seal", "zegel.txt") == (
        0,
        "Het logboek klopt: 30 regels en 2 zegels nagekeken.\nJe eigen zegel past: 1 nagekeken.\n",
    )
    status, said = run(bad, "--seal", "zegel.txt", "--english")
    assert status == 1
    assert "First bad entry: 12" in said
    assert run(bad, "--seal", "nakijken.py")[0] == 2
    assert run(tmp_path / "zegel.txt")[0] == 2


def test_the_verifier_is_python_of_3_9_with_the_standard_library_only() -> None:
    source = Path(verifier.__file__).read_text()
    names = set()
    for node in ast.walk(ast.parse(source, feature_version=(3, 9))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    assert names <= set(sys.stdlib_module_names)
    assert "strict=" not in source  # zip() has it from 3.10 on
