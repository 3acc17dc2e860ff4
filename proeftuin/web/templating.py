"""Templates: one environment for each language, compiled once, strict about names.

What must stay true: an unknown name is an error and not an empty place; everything printed is escaped unless it is
Markup; a page costs no more than the words on it (see `compiling.py`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from gettext import NullTranslations
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, Template, nodes
from jinja2.utils import Namespace
from markupsafe import Markup, escape

from proeftuin.web import filters, shaping
from proeftuin.web.compiling import PlainCalls, Settle
from proeftuin.web.icons import Icons, collecting
from proeftuin.web.kept import Once

ROOT = Path(__file__).resolve().parents[2]


class PageTemplate(Template):
    """A template that remembers which icons its page used."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Return the page."""
        with collecting():
            return super().render(*args, **kwargs)


class TranslatedEnvironment(Environment):
    """The templates in one language."""

    template_class = PageTemplate
    code_generator_class = PlainCalls
    compiled: BytecodeCache | None = None
    """Where compiled templates are found again; only where many applications are made (the tests)."""

    def __init__(self, root: Path, language: str, catalogue: NullTranslations, icons: Icons, *, reload: bool) -> None:
        super().__init__(
            loader=FileSystemLoader(root),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=reload,
            bytecode_cache=self.compiled,
        )
        self.language = language
        self.catalogue = catalogue
        self._loaded: dict[str, Template] = {}
        self._macros: dict[str, dict[str, Any]] = {}
        self._escaped: dict[str, str] = {}
        self.filters.update(filters.for_language(language))
        self.filters.update(
            with_regions=shaping.with_regions,
            with_heading_links=shaping.with_heading_links,
            contents=shaping.contents,
        )
        self.globals = {
            "_": self.say,
            "n_": self.say_number,
            "icon": icons.icon,
            "icon_address": icons.use,
            "sprite": icons.sprite,
            "once": Once(),
            "range": range,
            "dict": dict,
            "namespace": Namespace,
        }

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        Settle(self.language, self.catalogue.gettext).visit(tree)
        return tree

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,
    ) -> Template:
        """Return a template; without reloading it is looked up once, also for imports and layouts."""
        if isinstance(name, Template) or self.auto_reload:
            return super().get_template(name, parent, globals)
        template = self._loaded.get(name)
        if template is None:
            template = self._loaded[name] = super().get_template(name, parent, globals)
        return template

    def macros(self, wanted: str) -> dict[str, Any]:
        """Return macros by the names under which a template wants them.

        `wanted` is the name of their template, and `name:alias` for each, with spaces between.
        """
        found = self._macros.get(wanted)
        if found is None:
            template, *names = wanted.split()
            module = self.get_template(template).module
            found = {alias: getattr(module, name) for name, _, alias in (each.partition(":") for each in names)}
            if not self.auto_reload:
                self._macros[wanted] = found
        return found

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the shared names themselves: templates here never have globals of their own."""
        return self.globals

    def say(self, message: str, /, **values: object) -> Markup:
        """Translate a sentence and fill in its %(names)s; the sentence is text, the values may be Markup."""
        text = self._escaped.get(message)
        if text is None:
            text = self._escaped[message] = str(escape(self.catalogue.gettext(message)))
        if values:
            text %= {name: escape(value) for name, value in values.items()}
        return Markup(text)

    def say_number(self, singular: str, plural: str, n: int, /, **values: object) -> Markup:
        """Translate a sentence that depends on a number, which is filled in as %(n)s."""
        text = str(escape(self.catalogue.ngettext(singular, plural, n)))
        written = self.filters["num"](n)
        return Markup(text % {"n": written, **{name: escape(value) for name, value in values.items()}})


class Templates:
    """The templates in every language."""

    def __init__(self, root: Path, catalogues: Mapping[str, NullTranslations], *, reload: bool = False) -> None:
        icons = Icons(ROOT / "static" / "icons.svg")
        self.environments = {
            language: TranslatedEnvironment(root, language, catalogue, icons, reload=reload)
            for language, catalogue in catalogues.items()
        }

    def add_globals(self, **names: object) -> None:
        """Give the templates of every language a shared name, such as `url`."""
        for environment in self.environments.values():
            environment.globals.update(names)

    def get_template(self, language: str, name: str) -> Template:
        """Return a template in a language."""
        return self.environments[language].get_template(name)

    def list_names(self) -> Iterable[str]:
        """Return the name of every template, ordered."""
        return sorted(next(iter(self.environments.values())).list_templates(["html"]))

    def compile_all(self) -> None:
        """Compile every template in every language, so that no reader waits for it and mistakes show at the start."""
        for environment in self.environments.values():
            for name in self.list_names():
                environment.get_template(name)
