"""Teaches papermill to write parameters in Rust.

Papermill puts a cell after the one that is tagged `parameters`. Here that cell declares a variable for each parameter,
and tells the session, so that `session.widget_text(..)` and `:name` in SQL find the value as well:

    // Parameters
    let country = session.parameter("country", "Peru");
    let years = session.parameter("years", vec![2014, 2015]);

Notebooks of another Rust kernel get plain variables.
"""

import math
import re

from papermill.engines import NBClientEngine
from papermill.exceptions import PapermillException
from papermill.models import Parameter
from papermill.translators import Translator, papermill_translators

# What Rust does not take as a name.
RESERVED = set(
    "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut "
    "pub ref return self Self static struct super trait true type unsafe use where while abstract become box do final "
    "gen macro override priv try typeof unsized virtual yield session".split()
)

DECLARATION = re.compile(
    r"""^\s*let\s+(?:mut\s+)?(?P<name>[^\W\d]\w*)\s*
        (?::\s*(?P<type>[^=]+?)\s*)?
        =\s*(?P<value>(?:"(?:\\.|[^"\\])*"|[^";])*?)\s*;\s*
        (?://\s*(?P<help>.*?)\s*)?$""",
    re.VERBOSE,
)


class RustTranslator(Translator):
    """Python values as Rust expressions, parameters as variables."""

    @classmethod
    def translate_str(cls, val):
        escaped = "".join(cls.escape(c) for c in val)
        return f'"{escaped}"'

    @staticmethod
    def escape(c):
        if c in '"\\':
            return "\\" + c
        named = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}
        return named.get(c) or (c if c.isprintable() else f"\\u{{{ord(c):x}}}")

    @classmethod
    def translate_int(cls, val):
        for suffix, bits in (("", 32), ("i64", 64), ("i128", 128)):
            if -(2 ** (bits - 1)) <= val < 2 ** (bits - 1):
                return f"{val}{suffix}"
        raise PapermillException(f"no integer type of Rust holds {val}")

    @classmethod
    def translate_float(cls, val):
        if math.isfinite(val):
            return repr(float(val))
        return "f64::NAN" if math.isnan(val) else "f64::INFINITY" if val > 0 else "f64::NEG_INFINITY"

    @classmethod
    def translate_none(cls, val):
        return "None"

    @classmethod
    def translate_list(cls, val):
        kinds = {type(item) for item in val}
        if kinds == {int, float}:
            val, kinds = [float(item) for item in val], {float}
        if len(kinds) > 1 or kinds & {dict, type(None)}:
            names = ", ".join(sorted(kind.__name__ for kind in kinds))
            raise PapermillException(f"a list for Rust has elements of one type, not {names}")
        items = [cls.translate(item) for item in val]
        wide = next((suffix for suffix in ("i128", "i64") if any(item.endswith(suffix) for item in items)), "")
        if kinds == {int} and wide:
            items = [f"{item}{wide}" for item in val]
        return f"vec![{', '.join(items)}]"

    @classmethod
    def translate_dict(cls, val):
        raise PapermillException("a dictionary has no form in Rust; pass its entries as parameters of their own")

    @classmethod
    def comment(cls, cmt_str):
        return f"// {cmt_str}".rstrip()

    @classmethod
    def codify(cls, parameters, comment="Parameters"):
        lines = [cls.comment(line) for line in comment.splitlines()]
        for name, value in parameters.items():
            if not name.isidentifier() or name in RESERVED:
                raise PapermillException(f"`{name}` is not a name for a variable in Rust")
            lines.append(cls.declare(name, value))
        return "\n".join(lines) + "\n"

    @classmethod
    def declare(cls, name, value):
        if value is None:
            return f"let {name}: Option<String> = None;"
        if value == []:
            return f"let {name}: Vec<String> = vec![];"
        return f"let {name} = {cls.value(name, value)};"

    @classmethod
    def value(cls, name, value):
        return cls.translate(value)

    @classmethod
    def inspect(cls, parameters_cell):
        """The variables of the cell, for `papermill --help-notebook`."""
        found = [DECLARATION.match(line) for line in parameters_cell["source"].splitlines()]
        return [
            Parameter(
                name=match["name"],
                inferred_type_name=(match["type"] or "None").strip(),
                default=match["value"],
                help=match["help"] or "",
            )
            for match in found
            if match
        ]


class AerostatTranslator(RustTranslator):
    """The same, and the session knows the parameters."""

    @classmethod
    def value(cls, name, value):
        return f"session.parameter({cls.translate_str(name)}, {cls.translate(value)})"


class Engine(NBClientEngine):
    """Papermill's own engine. It is here because papermill has an entry point for engines, but none for translators."""


papermill_translators.register("rust", RustTranslator)
papermill_translators.register("aerostat", AerostatTranslator)
