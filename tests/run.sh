#!/bin/sh
# Everything that must be right before a change lands, in the order that fails first.
set -eu
ruff check .
ruff format --check .
mypy
python -m pytest -n "${TEST_WORKERS:-2}" --dist loadgroup "$@"
