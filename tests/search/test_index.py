"""Does the index hold what it was given, for all processes, through updates, rebuilds and crashes?"""

from __future__ import annotations

import gc
import multiprocessing
import os
import random
import shutil
import threading
from collections.abc import Callable, Iterator
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from proeftuin.search.index import Index, IndexBusy, IndexUnusable
from proeftuin.search.schema import Document
from tests.search.shelf import document, filled, keys, opened


def folder_of(index: Index) -> Path:
    return index.path / (index.path / "current").read_text()


def test_an_update_replaces_and_takes_out(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document("page:1", "Oud", "loon"), document("page:2", "Weg", "loon")])
    engine.index.update(
        [document("page:1", "Nieuw", "salaris"), document("page:3", "Erbij", "loon")], ["page:2", "x:9"]
    )
    assert keys(engine.search("loon")) == ["page:3"]
    assert keys(engine.search("salaris")) == ["page:1"]
    assert set(engine.index.keys_with_stamp()) == {"page:1", "page:3"}


def test_the_last_of_two_documents_with_one_key_counts(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document("page:1", "Eerst"), document("page:1", "Later")])
    assert engine.search("").total == 1
    assert engine.search("later").total == 1
    engine.index.update([document("page:1", "Oud"), document("page:1", "Nieuw")])
    assert engine.search("nieuw").total == engine.search("").total == 1


def test_a_key_in_both_lists_is_kept(tmp_path: Path) -> None:
    engine = filled(tmp_path, [])
    engine.index.update([document("page:1", "Loon")], ["page:1"])
    assert engine.search("loon").total == 1


def test_the_stamp_tells_whether_anything_changed(tmp_path: Path) -> None:
    first = document("page:1", "Loon")
    engine = filled(tmp_path, [first])
    assert engine.index.keys_with_stamp() == {"page:1": first.stamp()}
    others = [document("page:1", "Loon", **change) for change in ({"space": 7}, {"themes": ("a",)}, {"body": "x"})]
    assert len({first.stamp(), *(other.stamp() for other in others)}) == 4
    assert document("page:1", "Loon").stamp() == first.stamp()


def test_another_index_object_sees_a_commit_at_the_next_search(tmp_path: Path) -> None:
    writing = filled(tmp_path, [])
    reading = opened(Index.open(tmp_path))
    assert reading.search("loon").total == 0
    writing.index.update([document("page:1", "Loon")])
    assert reading.search("loon").total == 1
    writing.index.update([], ["page:1"])
    assert reading.search("loon").total == 0


def test_many_small_updates_leave_few_segments(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document(f"page:{n}", "Loon") for n in range(20)])
    for n in range(60):
        engine.index.update([document(f"page:{n}", f"Loon {n}")])
    assert engine.search("loon", per_page=100).total == 60
    generation = engine._generation
    assert generation is not None
    assert len(generation.segments) < 12


def test_what_a_reader_is_about_to_open_stays_while_others_commit(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document("page:1", "Loon")])
    folder = folder_of(engine.index)
    files = {path.name for path in folder.glob("MAIN_*.*")}
    for _ in range(3):
        engine.index.update([document("page:1", "Loon")])
    assert files <= {path.name for path in folder.iterdir()}
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    engine.index.update([document("page:1", "Loon")])
    assert not files & {path.name for path in folder.iterdir()}
    assert engine.search("loon").total == 1


def test_segments_that_are_still_named_stay_however_old_their_files_are(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document(f"page:{n}", "Loon") for n in range(20)])
    for number in range(20, 23):
        for path in folder_of(engine.index).iterdir():
            os.utime(path, (0, 0))
        engine.index.update([document(f"page:{number}", "Loon")])
        assert opened(Index.open(tmp_path)).search("loon").total == number + 1


def test_there_is_no_index_before_the_first_rebuild(tmp_path: Path) -> None:
    index = Index.open(tmp_path / "nergens")
    assert not index.is_usable()
    with pytest.raises(IndexUnusable):
        index.keys_with_stamp()
    with pytest.raises(IndexUnusable):
        index.update([document("page:1")])
    with pytest.raises(IndexUnusable):
        opened(index).search("a")
    assert index.rebuild([]) == frozenset()
    assert index.is_usable()


def test_the_folder_is_private(tmp_path: Path) -> None:
    index = filled(tmp_path / "index", []).index
    assert index.path.stat().st_mode & 0o777 == 0o700
    assert folder_of(index).stat().st_mode & 0o777 == 0o700


def test_an_index_of_another_version_is_not_opened(tmp_path: Path) -> None:
    index = filled(tmp_path, [document("page:1", "Loon")]).index
    old = folder_of(index)
    old.rename(tmp_path / "index-0000000000-1")
    (tmp_path / "current").write_text("index-0000000000-1")
    assert not Index.open(tmp_path).is_usable()


def toc(folder: Path) -> Path:
    return next(folder.glob("_MAIN_*.toc"))


def largest(folder: Path, pattern: str) -> Path:
    return max(folder.glob(pattern), key=lambda path: path.stat().st_size)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty list": lambda folder: toc(folder).write_bytes(b""),
    "cut list": lambda folder: toc(folder).write_bytes(toc(folder).read_bytes()[:-30]),
    "list of noise": lambda folder: toc(folder).write_bytes(os.urandom(400)),
    "no list": lambda folder: toc(folder).unlink(),
    "no postings": lambda folder: largest(folder, "*.pst").unlink(),
    "empty terms": lambda folder: largest(folder, "*.trm").write_bytes(b""),
    "cut terms": lambda folder: largest(folder, "*.trm").write_bytes(largest(folder, "*.trm").read_bytes()[:-50]),
    "empty facts": lambda folder: largest(folder, "*.facts.col").write_bytes(b""),
    "noise in postings": lambda folder: largest(folder, "*.pst").write_bytes(
        os.urandom(largest(folder, "*.pst").stat().st_size)
    ),
    "no folder": shutil.rmtree,
    "pointer to nothing": lambda folder: (folder.parent / "current").write_text(""),
    "pointer elsewhere": lambda folder: (folder.parent / "current").write_text("../../etc"),
    "no pointer": lambda folder: (folder.parent / "current").unlink(),
}


# Whoosh leaves files open when it fails halfway through opening them; the garbage collector closes them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_is_unusable_and_can_be_built_again(tmp_path: Path, damage: str) -> None:
    documents = [document(f"page:{n}", "Loon", f"loon en werk {n}") for n in range(30)]
    index = filled(tmp_path, documents).index
    DAMAGE[damage](folder_of(index))
    engine = opened(Index.open(tmp_path))
    with pytest.raises(IndexUnusable):
        engine.search("loon werk")
    engine.index.rebuild(documents)
    assert engine.search("loon").total == 30
    gc.collect()


def test_leftovers_of_a_crash_do_no_harm(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document("page:1", "Loon")])
    folder = folder_of(engine.index)
    (folder / "MAIN_0123456789abcdef.pst").write_bytes(b"half a segment")
    os.utime(folder / "MAIN_0123456789abcdef.pst", (0, 0))
    (folder / "_MAIN_99.toc.1700000000.5").write_bytes(b"half a list")
    (folder / "MAIN.tmp").mkdir(exist_ok=True)
    (tmp_path / f"{folder.name.rsplit('-', 1)[0]}-dead").mkdir()
    assert engine.search("loon").total == 1
    engine.index.update([document("page:2", "Loon")])
    assert engine.search("loon").total == 2
    assert not (folder / "MAIN_0123456789abcdef.pst").exists()
    engine.index.rebuild([document("page:3", "Loon")])
    assert keys(engine.search("loon")) == ["page:3"]
    assert len(list(tmp_path.glob("index-*"))) == 2


def test_a_failing_update_leaves_the_index_as_it_was_and_free(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document("page:1", "Loon")])

    def broken() -> Iterator[Document]:
        yield document("page:1", "Salaris")
        yield document("page:2", "Stuk", changed=None)

    with pytest.raises(AttributeError):
        engine.index.update(broken())
    assert engine.search("loon").total == 1
    engine.index.update([document("page:2", "Loon")], timeout=0.1)
    assert engine.search("loon").total == 2


def test_a_failing_rebuild_leaves_the_old_index(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document("page:1", "Loon")])

    def broken() -> Iterator[Document]:
        yield document("page:2", "Loon")
        raise RuntimeError("the database went away")

    with pytest.raises(RuntimeError):
        engine.index.rebuild(broken())
    assert keys(engine.search("loon")) == ["page:1"]
    assert len(list(tmp_path.glob("index-*"))) == 1
    engine.index.rebuild([document("page:3", "Loon")])


def test_a_rebuild_tells_how_far_it_is(tmp_path: Path) -> None:
    told: list[int] = []
    Index.open(tmp_path).rebuild([document(f"page:{n}") for n in range(5)], told.append)
    assert told == [1, 2, 3, 4, 5]


def test_a_rebuild_switches_while_someone_reads(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document("page:1", "Loon")])
    assert engine.search("loon").total == 1
    Index.open(tmp_path).rebuild([document("page:2", "Loon"), document("page:3", "Loon")])
    assert engine.search("loon").total == 2


def test_a_rebuild_reports_what_changed_meanwhile(tmp_path: Path) -> None:
    index = filled(tmp_path, [document(f"page:{n}", "Loon") for n in range(4)]).index

    def stream() -> Iterator[Document]:
        yield document("page:0", "Loon")
        other = Index.open(tmp_path)
        other.update([document("page:1", "Salaris"), document("page:7", "Erbij")], ["page:2"])
        with pytest.raises(IndexBusy):
            other.rebuild([])
        yield document("page:1", "Loon")

    assert index.rebuild(stream()) == {"page:1", "page:2", "page:7"}


def hold(path: Path, holding: Event, release: Event) -> None:
    with Index.open(path)._writer(1) as writer:
        holding.set()
        release.wait(20)
        assert not writer.is_closed


def test_a_second_writer_waits_for_the_first(tmp_path: Path) -> None:
    engine = filled(tmp_path, [])
    context = multiprocessing.get_context("spawn")
    holding, release = context.Event(), context.Event()
    process = context.Process(target=hold, args=(tmp_path, holding, release))
    process.start()
    try:
        assert holding.wait(20)
        with pytest.raises(IndexBusy):
            engine.index.update([document("page:1", "Loon")], timeout=0.1)
        waiting = threading.Thread(target=engine.index.update, args=([document("page:1", "Loon")],))
        waiting.start()
        release.set()
        waiting.join(20)
        assert engine.search("loon").total == 1
    finally:
        release.set()
        process.join(20)
    assert process.exitcode == 0


def fill(path: Path, first: int) -> None:
    index = Index.open(path)
    for n in range(first, first + 15):
        index.update([document(f"page:{n}", "Loon")])


def test_two_processes_write_and_nothing_is_lost(tmp_path: Path) -> None:
    engine = filled(tmp_path, [])
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=fill, args=(tmp_path, first)) for first in (0, 100)]
    for process in processes:
        process.start()
    while any(process.is_alive() for process in processes):
        assert engine.search("loon").total <= 30
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert engine.search("loon").total == 30
    assert len(engine.index.keys_with_stamp()) == 30


def test_processes_with_the_same_luck_do_not_overwrite_each_other(tmp_path: Path) -> None:
    engine = filled(tmp_path, [])
    for n in range(3):
        random.seed(1)
        engine.index.update([document(f"page:{n}", "Loon")])
    assert engine.search("loon").total == 3


def test_threads_share_an_engine(tmp_path: Path) -> None:
    engine = filled(tmp_path, [document(f"page:{n}", f"Loon {n % 7}", "werk " * n) for n in range(60)])
    expected = {query: engine.search(query).total for query in ("loon", "werk", "loo*", "loon 3", '"loon 2"')}
    wrong: list[object] = []

    def read() -> None:
        for _ in range(40):
            for query, total in expected.items():
                if (found := engine.search(query).total) != total:
                    wrong.append((query, found))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(10):
        engine.index.update([document(f"page:{n}", f"Loon {n % 7}", "werk " * n)])
    for thread in threads:
        thread.join()
    assert wrong == []
