"""How templates become Python: sentences translated once, calls without ceremony.

Four things are done while a template is compiled, so that a page need not do them each time it is made:

* `_("literal")` becomes its translation, `_("… %(who)s …", who=x)` becomes text, value, text, and `nl` the attribute
  for words that are always Dutch. Jinja then joins what is constant with the text around it.
* What is printed is escaped without making a Markup of every word, since the page is joined as plain text.
* A call is a plain Python call and a macro a plain function. Jinja's own way (`context.call`, `Macro`) looks up
  at every call whether the callable wants the context; nothing of ours does. What must stay true: no global,
  filter object or method that templates call is marked with `pass_context` or its siblings.
* What stands side by side leaves a block as one piece, and imported macros are looked up once
  (`TranslatedEnvironment.macros`): both are handed on through every layout above the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from keyword import iskeyword

from jinja2 import TemplateAssertionError, nodes
from jinja2.compiler import CodeGenerator, Frame, MacroRef
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner
except ImportError:  # without a C compiler MarkupSafe brings the same function in Python
    from markupsafe._native import _escape_inner

_VALUE = re.compile(r"%\((\w+)\)s")
_INDENT = re.compile(r"[ \t]*\n\s*")
Translate = Callable[[str], str]
as_markup = partial(str.__new__, Markup)


def printed(value: object) -> str:
    """Return what a value looks like on the page, escaped unless it is Markup."""
    if type(value) is str:
        return _escape_inner(value)
    if isinstance(value, Markup):
        return value
    return str(value) if type(value) is int else str(escape(value))


class Settle(NodeTransformer):
    """Replace what is known before any page is made: translations, language, white space of the source."""

    def __init__(self, language: str, translate: Translate) -> None:
        self.language = language
        self.translate = translate

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (named by Jinja)
        """Translate `_("…")`, with or without values."""
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and node.node.name == "_"):
            return node
        match node.args:
            case [nodes.Const(value=str() as message)] if node.dyn_args is None and node.dyn_kwargs is None:
                sentence = self.translate(message)
                return self._fill(sentence, node) if node.kwargs else nodes.Const(sentence, lineno=node.lineno)
        return node

    def _fill(self, sentence: str, node: nodes.Call) -> nodes.Node:
        """Return a sentence cut at its %(names)s, with the values between the pieces."""
        values = {keyword.key: keyword.value for keyword in node.kwargs}
        pieces: list[nodes.Expr] = []
        for number, piece in enumerate(_VALUE.split(sentence)):
            if number % 2:
                if piece not in values:
                    raise TemplateAssertionError(f"no value for %({piece})s", node.lineno)
                pieces.append(values[piece])
            else:
                text = nodes.Const(str(escape(piece.replace("%%", "%"))), lineno=node.lineno)
                pieces.append(nodes.MarkSafe(text, lineno=node.lineno))
        return nodes.Concat(pieces, lineno=node.lineno)

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802 (named by Jinja)
        """Print the parts of what is joined one after the other, so that nothing need be joined."""
        self.generic_visit(node)
        flat: list[nodes.Expr] = []
        for child in node.nodes:
            flat.extend(child.nodes if isinstance(child, nodes.Concat) else [child])
        return nodes.Output(flat, lineno=node.lineno)

    def visit_Name(self, node: nodes.Name) -> nodes.Node:  # noqa: N802 (named by Jinja)
        """Fill in `lang` and `nl`, which are the same for every page of an environment."""
        if node.ctx == "load" and node.name == "lang":
            return nodes.Const(self.language, lineno=node.lineno)
        if node.ctx == "load" and node.name == "nl":
            attribute = "" if self.language == "nl" else ' lang="nl"'
            return nodes.MarkSafe(nodes.Const(attribute), lineno=node.lineno)
        return node

    def visit_TemplateData(self, node: nodes.TemplateData) -> nodes.TemplateData:  # noqa: N802 (named by Jinja)
        """Drop the indentation of the source; one line end stays, since white space may separate words."""
        return nodes.TemplateData(_INDENT.sub("\n", node.data), lineno=node.lineno)


class PlainCalls(CodeGenerator):
    """Write calls and macros as Python would."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802 (named by Jinja)
        """Give every template the two functions it needs besides those of Jinja."""
        self.writeline(f"from {__name__} import as_markup, printed")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            self.fail("autoescape cannot be switched in these templates", node.lineno)
        self.write("printed(")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802 (named by Jinja)
        """Write `yield concat((a, b))` where Jinja would yield each by itself."""
        if frame.buffer is not None or frame.require_output_check:
            super().visit_Output(node, frame)
            return
        finalize = self._make_finalize()
        pieces = list(self._folded(node, frame, finalize))
        if not pieces:  # what is printed is known to be empty
            return
        self.writeline("yield concat((" if len(pieces) > 1 else "yield ", node)
        for piece in pieces:
            if isinstance(piece, str):
                self.write(repr(piece))
            else:
                self._output_child_pre(piece, frame, finalize)
                self.visit(piece, frame)
                self._output_child_post(piece, frame, finalize)
            if len(pieces) > 1:
                self.write(",")
                self.newline()
        if len(pieces) > 1:
            self.write("))")

    def _folded(
        self, node: nodes.Output, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> Iterator[str | nodes.Expr]:
        """Give what is printed in order, with neighbours that are known now as one text."""
        known = ""
        for child in node.nodes:
            try:
                known += str(self._output_child_to_const(child, frame, finalize))
            except Exception:  # as Jinja has it: what cannot be known now is found out, or fails, with the page
                if known:
                    yield known
                known = ""
                yield child
        if known:
            yield known

    def visit_FromImport(self, node: nodes.FromImport, frame: Frame) -> None:  # noqa: N802 (named by Jinja)
        """Write what takes macros from where the environment keeps them."""
        if node.with_context or not isinstance(node.template, nodes.Const):
            self.fail("macros are imported from a template that is named, and without its context", node.lineno)
        names = [(name, name) if isinstance(name, str) else name for name in node.names]
        wanted = " ".join([node.template.value, *(f"{name}:{alias}" for name, alias in names)])
        self.writeline(f"imported = environment.macros({wanted!r})", node)
        for _name, alias in names:
            self.writeline(f"{frame.symbols.ref(alias)} = imported[{alias!r}]")
        if frame.toplevel:
            self.writeline("context.vars.update(imported)")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:  # noqa: N802 (named by Jinja)
        """Write `f(a, b=c)`."""
        self.visit(node.node, frame)
        self.write("(")
        for argument in node.args:
            self.visit(argument, frame)
            self.write(", ")
        if node.dyn_args is not None:
            self.write("*")
            self.visit(node.dyn_args, frame)
            self.write(", ")
        for keyword in node.kwargs:
            if iskeyword(keyword.key):
                self.fail(f"{keyword.key!r} is a word of Python; write {keyword.key}_", node.lineno)
            self.visit(keyword, frame)
            self.write(", ")
        if forward_caller:
            self.write("caller=caller, ")
        if node.dyn_kwargs is not None:
            self.write("**")
            self.visit(node.dyn_kwargs, frame)
        self.write(")")

    def macro_def(self, macro_ref: MacroRef, frame: Frame) -> None:
        """Write a macro as a function with the parameters of the macro; `missing` takes its default inside."""
        names = [argument.name for argument in macro_ref.node.args]
        given = list(names)
        parameters = [f"{name}=missing" for name in names]
        extra = []
        if macro_ref.accesses_caller:
            given.append("caller")
            extra.append("caller=undefined(name='caller')")
        if macro_ref.accesses_kwargs:
            given.append("kwargs")
        if macro_ref.accesses_varargs:
            given.append("varargs")
        parameters.append("*varargs" if macro_ref.accesses_varargs else "*")
        # `macro` is bound again by the next macro of the file, so each function keeps its own.
        parameters += [*extra, "_macro=macro"]
        if macro_ref.accesses_kwargs:
            parameters.append("**kwargs")
        self.write(f"(lambda {', '.join(parameters)}: as_markup(_macro({', '.join(given)})))")
