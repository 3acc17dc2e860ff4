"""Compiled templates, kept between runs of the tests: compiling them all takes longer than most tests.

What must stay true: code is found again only when nothing changed of which it was made (the template, the way we
compile, our filters, the catalogue, Python and Jinja). Templates with another catalogue than that of the product
are always compiled.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterable
from pathlib import Path

import jinja2
from jinja2.bccache import Bucket, BytecodeCache

from proeftuin import i18n
from proeftuin.web.templating import TranslatedEnvironment

PRODUCT = Path(i18n.__file__).parent
LONGEST_KEPT = 24 * 3600


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


class CompiledTemplates(BytecodeCache):
    """Code of templates in a folder, for the environments of the product itself."""

    def __init__(self, folder: Path) -> None:
        made_of = [*sorted(PRODUCT.glob("*.py")), *sorted((PRODUCT / "web").glob("*.py"))]
        made_of += sorted(PRODUCT.glob("translations/*/LC_MESSAGES/*.mo"))
        maker = _digest([jinja2.__version__.encode(), *(path.read_bytes() for path in made_of)])
        self.folder = folder / maker[:16]
        self.folder.mkdir(parents=True, exist_ok=True)
        os.utime(self.folder)
        for other in folder.iterdir():
            if time.time() - other.stat().st_mtime > LONGEST_KEPT:
                shutil.rmtree(other, ignore_errors=True)

    def get_bucket(self, environment: jinja2.Environment, name: str, filename: str | None, source: str) -> Bucket:
        """Return the code of a template, or an empty bucket to be filled."""
        assert isinstance(environment, TranslatedEnvironment)
        language = environment.language
        if environment.catalogue is not i18n.catalogues.get(language):
            return Bucket(environment, "", "")
        key = _digest(part.encode() for part in (language, name, str(filename), source))
        bucket = Bucket(environment, key, key)
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read the code when it is there."""
        try:
            with (self.folder / bucket.key).open("rb") as file:
                bucket.load_bytecode(file)
        except FileNotFoundError:
            pass

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write the code; who reads at the same time sees all of it or nothing."""
        if bucket.key:
            path = self.folder / f"{bucket.key}.{os.getpid()}"
            with path.open("wb") as file:
                bucket.write_bytecode(file)
            path.replace(self.folder / bucket.key)
