"""Compute the formulas of the question bank without giving them the run of the machine.

A formula is one Python expression. Its syntax tree may hold numbers, texts, ``fact('id')``, ``fact('id').column``,
arithmetic, ``round`` and calls of public functions of the modules the book allows. Everything else is refused.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import math
import operator
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

MAX_LENGTH = 600
MAX_NODES = 160
MAX_EXPONENT = 20
BINARY: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
UNARY: dict[type[ast.unaryop], Callable[[Any], Any]] = {ast.USub: operator.neg, ast.UAdd: operator.pos}


class FormulaError(ValueError):
    """A formula that is not allowed, or that could not be computed; the text says which part and why."""


def evaluate(expression: str, *, modules: Sequence[str], look_up: Callable[[str, str], Any] | None) -> Any:
    """Compute `expression` and return its result.

    Parameters
    ----------
    expression
        For example ``"round(100 * (fact('a') - fact('b')), 1)"`` or ``"outcomes.nnt(...).value"``.
    modules
        Dotted packages or modules whose public functions may be called. With ``"book"``, the name ``outcomes.nnt``
        means function ``nnt`` of module ``book.outcomes``.
    look_up
        Returns a field of a fact: ``fact('id')`` asks for ``("id", "value")``, ``fact('id').low`` for its ``low``.
        None if there are no facts.

    Raises
    ------
    FormulaError
        If the expression holds anything that is not allowed, or if a called function refuses its arguments.

    Examples
    --------
    >>> evaluate("round(100 * (0.544 - 0.39), 1)", modules=(), look_up=None)
    15.4
    >>> evaluate("__import__('os')", modules=(), look_up=None)
    Traceback (most recent call last):
    ...
    bookpress.questions.formula.FormulaError: '__import__' may not be called: names with an underscore are private
    """
    if len(expression) > MAX_LENGTH:
        raise FormulaError(f"the formula has {len(expression)} characters; {MAX_LENGTH} are allowed")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise FormulaError(f"not a Python expression ({error})") from None
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES:
        raise FormulaError(f"the formula has more than {MAX_NODES} parts; compute it in a tested function instead")
    return _Evaluator(modules, look_up).result(tree.body)


class _Evaluator:
    """Walks the tree; every kind of node that has no method here is refused."""

    def __init__(self, modules: Sequence[str], look_up: Callable[[str, str], Any] | None) -> None:
        self.modules = tuple(modules)
        self.look_up = look_up

    def result(self, node: ast.expr) -> Any:
        """Return the value of the whole formula: a number or a text, never an object."""
        value = self._plain(self.value(node), node)
        kind = type(value)
        if dataclasses.is_dataclass(kind) and _belongs(kind.__module__, self.modules) and "__str__" in vars(kind):
            value = str(value)  # a result that knows how it reads in a sentence
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise FormulaError(
                f"the formula gives {type(value).__name__}, not a number or a text; name the field, for example .value"
            )
        if isinstance(value, float) and not math.isfinite(value):
            raise FormulaError(f"the formula gives {value!r}, which is not a finite number")
        return value

    def value(self, node: ast.expr) -> Any:
        """Return the value of one part."""
        match node:
            case ast.Constant():
                return self._constant(node)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in UNARY:
                return UNARY[type(op)](self._number(operand))
            case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
                return self._arithmetic(node, self._number(left), op, self._number(right))
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                return [self._plain(self.value(element), element) for element in elements]
            case ast.Call():
                return self._call(node)
            case ast.Attribute(value=inner, attr=name) if isinstance(inner, (ast.Call, ast.Attribute)):
                return self._field(node, inner, name)
        raise FormulaError(f"{ast.unparse(node)!r} is not allowed ({type(node).__name__})")

    @staticmethod
    def _constant(node: ast.Constant) -> Any:
        if node.value is None or isinstance(node.value, (bool, int, float, str)):
            return node.value
        raise FormulaError(f"{ast.unparse(node)!r} is not allowed (only numbers, texts, True, False, None)")

    def _number(self, node: ast.expr) -> int | float:
        """Arithmetic is for numbers alone: no text times a million, no list times itself."""
        value = self._plain(self.value(node), node)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise FormulaError(f"{ast.unparse(node)!r} is {type(value).__name__}; arithmetic needs a number")
        return value

    @staticmethod
    def _arithmetic(node: ast.BinOp, left: float, op: ast.operator, right: float) -> Any:
        if isinstance(op, ast.Pow) and (abs(right) > MAX_EXPONENT or abs(left) > 1e6):
            raise FormulaError(f"{ast.unparse(node)!r}: a power of at most {MAX_EXPONENT} of at most 1e6 is allowed")
        try:
            value = BINARY[type(op)](left, right)
        except (ArithmeticError, ValueError) as error:
            raise FormulaError(f"{ast.unparse(node)!r}: {error}") from None
        if isinstance(value, complex):
            raise FormulaError(f"{ast.unparse(node)!r}: the result is not a real number")
        return value

    def _call(self, node: ast.Call) -> Any:
        for part in [*node.args, *node.keywords]:
            if isinstance(part, ast.Starred) or (isinstance(part, ast.keyword) and part.arg is None):
                raise FormulaError(f"{ast.unparse(node)!r}: arguments may not be unpacked with a star")
        if isinstance(node.func, ast.Name) and node.func.id == "fact":
            return self._fact(node)
        arguments = [self._plain(self.value(argument), argument) for argument in node.args]
        named = {str(word.arg): self._plain(self.value(word.value), word.value) for word in node.keywords}
        if isinstance(node.func, ast.Name) and node.func.id == "round":
            return self._round(node, arguments, named)
        function = self._function(node.func)
        try:
            return function(*arguments, **named)
        except Exception as error:
            raise FormulaError(f"{ast.unparse(node.func)} refuses its arguments: {error}") from error

    @staticmethod
    def _round(node: ast.Call, arguments: list[Any], named: dict[str, Any]) -> float:
        numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in arguments)
        if named or not numbers or len(arguments) not in (1, 2):
            raise FormulaError(f"{ast.unparse(node)!r}: round takes a number and, if wanted, the decimals")
        try:
            return float(round(*arguments)) if len(arguments) == 2 else round(arguments[0])
        except (TypeError, ValueError, OverflowError) as error:
            raise FormulaError(f"{ast.unparse(node)!r}: {error}") from None

    def _fact(self, node: ast.Call) -> _Fact:
        match node:
            case ast.Call(args=[ast.Constant(value=str() as fact_id)], keywords=[]):
                return _Fact(fact_id)
        raise FormulaError(f"{ast.unparse(node)!r}: fact takes one id in quotes")

    def _looked_up(self, fact_id: str, field: str, node: ast.expr) -> int | float:
        if self.look_up is None:
            raise FormulaError("fact(...) needs a provider of facts, and none is configured (bookpress_facts)")
        try:
            number = self.look_up(fact_id, field)
        except Exception as error:
            raise FormulaError(f"fact {fact_id!r}: {error}") from error
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise FormulaError(f"{ast.unparse(node)!r} is {number!r}; a formula needs a number")
        return number

    def _plain(self, value: Any, node: ast.expr) -> Any:
        """Turn a fact that stands alone into its number, so that it never travels on as an object."""
        return self._looked_up(value.id, "value", node) if isinstance(value, _Fact) else value

    def _field(self, node: ast.Attribute, inner: ast.expr, name: str) -> Any:
        """Read a field of a result: a data field or a property, never a method and never a private name."""
        owner = self.value(inner)
        if isinstance(owner, _Fact):
            if name.startswith("_"):
                raise FormulaError(f"{ast.unparse(node)!r}: names with an underscore are private")
            return self._looked_up(owner.id, name, node)
        kind = type(owner)
        if dataclasses.is_dataclass(kind) and _belongs(kind.__module__, self.modules) and not name.startswith("_"):
            fields = {field.name for field in dataclasses.fields(kind)}
            if name in fields or isinstance(inspect.getattr_static(kind, name, None), property):
                return getattr(owner, name)
        raise FormulaError(f"{ast.unparse(node)!r}: {name!r} is not a field of {kind.__name__}")

    def _function(self, node: ast.expr) -> Callable[..., Any]:
        names = _dotted(node)
        shown = ".".join(names)
        if any(name.startswith("_") for name in names):
            raise FormulaError(f"{shown!r} may not be called: names with an underscore are private")
        if names[-1] == "fact":
            raise FormulaError(f"{shown!r} may not be called: write fact('id'), which keeps track of the status")
        if len(names) < 2:
            raise FormulaError(f"{shown!r} may not be called: only fact, round, functions of {_listed(self.modules)}")
        for prefix in self.modules:
            for path in _paths(prefix, names[:-1]):
                found = getattr(_module(path), names[-1], None)
                if inspect.isfunction(found) and _belongs(found.__module__, (path,)):
                    return found
        raise FormulaError(f"{shown!r} may not be called: it is not a public function of {_listed(self.modules)}")


@dataclasses.dataclass(frozen=True, slots=True)
class _Fact:
    """A fact that was named and not yet read."""

    id: str


def _dotted(node: ast.expr) -> list[str]:
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=inner, attr=name):
            return [*_dotted(inner), name]
    raise FormulaError(f"{ast.unparse(node)!r} may not be called: it is not a plain name")


def _paths(prefix: str, names: list[str]) -> list[str]:
    """Return the modules a name may mean: below the prefix, or the prefix itself by its last word."""
    paths = [".".join([prefix, *names])]
    if names == [prefix.rpartition(".")[2]]:
        paths.append(prefix)
    return paths


def _module(path: str) -> ModuleType | None:
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError as error:
        if error.name and (path == error.name or path.startswith(error.name + ".")):
            return None
        raise FormulaError(f"module {path} cannot be imported: {error}") from error


def _belongs(module: str, prefixes: Sequence[str]) -> bool:
    return any(module == prefix or module.startswith(prefix + ".") for prefix in prefixes)


def _listed(modules: Sequence[str]) -> str:
    return ", ".join(modules) if modules else "the allowed modules (none is configured: bookpress_compute)"
