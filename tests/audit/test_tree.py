"""The tree is that of RFC 9162: proven by the published reference vectors and by a tree computed as it is defined."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

import pytest

from proeftuin.audit import tree
from proeftuin.audit.verifier import Frontier, combine, is_consistent, is_included, leaf_hash, node_hash

# The reference data of Certificate Transparency: the inputs, roots and paths of the Merkle tree test of
# google/certificate-transparency (cpp/merkletree/merkle_tree_test.cc), also in transparency-dev/merkle (testonly).
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
A = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
B = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
C = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
D = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
E = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
F = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
INCLUSION = [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [D, E, ROOTS[3]]), (3, 3, [ROOTS[1]]), (2, 5, [ROOTS[0], B, D])]
CONSISTENCY = [(1, 1, []), (1, 8, [A, B, C]), (6, 8, [F, E, ROOTS[3]]), (2, 5, [B, D])]


def defined(leaves: Sequence[bytes]) -> bytes:
    """Compute a root by the definition in section 2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaf_hash(leaves[0])
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return node_hash(defined(leaves[:half]), defined(leaves[half:]))


def path_of(ranges: Sequence[tree.Range], leaves: Sequence[bytes]) -> list[bytes]:
    return [defined(leaves[start:end]) for start, end in ranges]


def test_the_published_roots_come_out() -> None:
    frontier = Frontier()
    assert combine(frontier.peaks).hex() == EMPTY
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        frontier.add(leaf_hash(leaf))
        assert combine(frontier.peaks).hex() == root


@pytest.mark.parametrize(("leaf", "size", "path"), INCLUSION)
def test_the_published_inclusion_paths_come_out_and_are_accepted(leaf: int, size: int, path: list[str]) -> None:
    made = path_of(tree.inclusion(leaf - 1, size), LEAVES)
    assert [each.hex() for each in made] == path
    assert is_included(leaf - 1, size, leaf_hash(LEAVES[leaf - 1]), made, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("first", "second", "path"), CONSISTENCY)
def test_the_published_consistency_paths_come_out_and_are_accepted(first: int, second: int, path: list[str]) -> None:
    made = path_of(tree.consistency(first, second), LEAVES)
    assert [each.hex() for each in made] == path
    old, new = (bytes.fromhex(ROOTS[size - 1]) for size in (first, second))
    assert is_consistent(first, second, old, new, made)


def test_every_proof_of_every_size_is_accepted() -> None:
    leaves = [str(n).encode() for n in range(33)]
    roots = [defined(leaves[:n]) for n in range(34)]
    for size in range(1, 34):
        for index in range(size):
            path = path_of(tree.inclusion(index, size), leaves)
            assert is_included(index, size, leaf_hash(leaves[index]), path, roots[size])
        for first in range(1, size + 1):
            path = path_of(tree.consistency(first, size), leaves)
            assert is_consistent(first, size, roots[first], roots[size], path)


def _spoiled(path: list[bytes], chance: random.Random) -> list[list[bytes]]:
    """Give the path with a bit turned, a step gone, a step too many, and two steps swapped."""
    made = [[*path, chance.randbytes(32)], [chance.randbytes(32), *path]]
    if path:
        at = chance.randrange(len(path))
        made += [[*path[:at], chance.randbytes(32), *path[at + 1 :]], path[:-1], path[1:]]
    if len(path) > 1:
        made.append([path[1], path[0], *path[2:]])
    return made


@pytest.mark.parametrize("seed", range(5))
def test_no_spoiled_proof_is_accepted(seed: int) -> None:
    chance = random.Random(seed)
    leaves = [chance.randbytes(8) for _ in range(chance.randrange(2, 60))]
    roots = [defined(leaves[:n]) for n in range(len(leaves) + 1)]
    for _ in range(40):
        size = chance.randrange(1, len(leaves) + 1)
        index, first = chance.randrange(size), chance.randrange(1, size + 1)
        leaf = leaf_hash(leaves[index])
        included = path_of(tree.inclusion(index, size), leaves)
        grown = path_of(tree.consistency(first, size), leaves)
        assert not is_included(index + size, size, leaf, included, roots[size])
        assert not is_included(index, size, leaf_hash(b"other"), included, roots[size])
        assert not is_consistent(first, size, roots[first], leaf_hash(b"other"), grown)
        assert not is_consistent(0, size, roots[0], roots[size], [])
        for path in _spoiled(included, chance):
            assert not is_included(index, size, leaf, path, roots[size])
        for path in _spoiled(grown, chance):
            assert not is_consistent(first, size, roots[first], roots[size], path)


def test_places_of_nodes_are_their_own_and_never_change() -> None:
    places = {tree.Node(level, index).place for level in range(6) for index in range(64 >> level)}
    assert len(places) == sum(64 >> level for level in range(6))
    assert [tree.Node(0, n).place for n in range(4)] == [0, 2, 4, 6]
    assert [tree.Node(1, n).place for n in range(2)] == [1, 5]
    assert tree.Node(2, 0).place == 3
