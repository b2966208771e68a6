"""Reads a statement into a :class:`Query`.

::

    query     = "SELECT" what "FROM" name [where] [order] [start] [max]
    what      = "COUNT" "(" "*" ")" | ("*" | name) {"," ("*" | name)}
    where     = "WHERE" condition {"AND" condition}
    condition = name ( operator value | "IN" "(" value {"," value} ")" )
    value     = "'" text "'" | number | "true" | "false" | "CURRENT_DATE"
    operator  = "=" | "<" | ">" | "<=" | ">=" | "LIKE"
    order     = ("ORDERBY" | "ORDER" "BY") key {"," key}
    key       = name ["ASC" | "DESC"]
    start     = "STARTPOSITION" number
    max       = "MAXRESULTS" number

There is no OR, NOT, !=, JOIN or GROUP BY; parentheses only around the values of IN.
Words compare without regard to case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from qbo_emulator import errors

__all__ = ["Condition", "OrderKey", "Query", "parse"]

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^'\\]|\\.)*')
      | (?P<word>[A-Za-z_][\w.]*)
      | (?P<number>-?\d+(?:\.\d+)?)
      | (?P<sign><=|>=|[=<>(),*])
    )""",
    re.VERBOSE | re.DOTALL,
)
#: The only words that stand for values without quotes.
_BARE_WORDS = frozenset({"true", "false", "current_date"})
_OPERATORS = ("=", "<", ">", "<=", ">=")


@dataclass(frozen=True)
class Condition:
    """``name operator values``; only IN has more than one value."""

    name: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class OrderKey:
    """One member to sort by."""

    name: str
    descending: bool = False


@dataclass(frozen=True)
class Query:
    """A statement, read. ``start`` counts from 1; ``limit`` is None where not given."""

    entity: str
    count: bool = False
    conditions: tuple[Condition, ...] = ()
    order: tuple[OrderKey, ...] = ()
    start: int | None = None
    limit: int | None = None


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def parse(statement: str) -> Query:
    """Return the query. Raises Fault 4000 for what is not in the grammar."""
    return _Parser(statement).query()


def _tokens(statement: str) -> list[_Token]:
    tokens, position = [], 0
    end = len(statement.rstrip())
    while position < end:
        match = _TOKEN.match(statement, position)
        if match is None:
            raise _not_understood(statement[position:].strip()[:20])
        kind = str(match.lastgroup)
        tokens.append(_Token(kind, match.group(kind)))
        position = match.end()
    return tokens


def _not_understood(found: str) -> errors.Fault:
    return errors.QUERY_PARSER.fault(
        f'QueryParserError: Encountered " {found} " where it was not expected.'
    )


class _Parser:
    """Recursive descent, one method a rule of the grammar."""

    def __init__(self, statement: str) -> None:
        self._tokens = _tokens(statement)
        self._next = 0

    def query(self) -> Query:
        self._expect("SELECT")
        count = self._what()
        self._expect("FROM")
        entity = self._name()
        conditions = self._where()
        order = self._order()
        start = self._number_after("STARTPOSITION")
        limit = self._number_after("MAXRESULTS")
        if self._next < len(self._tokens):
            raise _not_understood(self._tokens[self._next].text)
        return Query(entity, count, conditions, order, start, limit)

    def _what(self) -> bool:
        if self._peek().upper() == "COUNT" and self._peek(1) == "(":
            for part in ("COUNT", "(", "*", ")"):
                self._expect(part)
            return True
        self._column()
        while self._take(","):
            self._column()
        return False

    def _column(self) -> None:
        """python-quickbooks asks for ``*, Sku``; full objects come back."""
        if not self._take("*"):
            self._name()

    def _where(self) -> tuple[Condition, ...]:
        if not self._take("WHERE"):
            return ()
        conditions = [self._condition()]
        while self._take("AND"):
            conditions.append(self._condition())
        return tuple(conditions)

    def _condition(self) -> Condition:
        name = self._name()
        if self._take("IN"):
            self._expect("(")
            values = [self._value()]
            while self._take(","):
                values.append(self._value())
            self._expect(")")
            return Condition(name, "IN", tuple(values))
        if self._take("LIKE"):
            return Condition(name, "LIKE", (self._value(),))
        for operator in _OPERATORS:
            if self._take(operator):
                return Condition(name, operator, (self._value(),))
        raise _not_understood(self._peek())

    def _order(self) -> tuple[OrderKey, ...]:
        if self._take("ORDER"):
            self._expect("BY")
        elif not self._take("ORDERBY"):
            return ()
        keys = [self._key()]
        while self._take(","):
            keys.append(self._key())
        return tuple(keys)

    def _key(self) -> OrderKey:
        name = self._name()
        if self._take("DESC"):
            return OrderKey(name, True)
        self._take("ASC")
        return OrderKey(name)

    def _number_after(self, word: str) -> int | None:
        if not self._take(word):
            return None
        token = self._token("number")
        return int(token.split(".")[0])

    def _value(self) -> str:
        if self._next >= len(self._tokens):
            raise _not_understood("<EOF>")
        token = self._tokens[self._next]
        is_bare_word = token.kind == "word" and token.text.lower() not in _BARE_WORDS
        if token.kind == "sign" or is_bare_word:
            raise _not_understood(token.text)
        self._next += 1
        if token.kind == "text":
            return re.sub(r"\\(.)", r"\1", token.text[1:-1], flags=re.DOTALL)
        return token.text

    def _name(self) -> str:
        return self._token("word")

    def _token(self, kind: str) -> str:
        if self._next >= len(self._tokens) or self._tokens[self._next].kind != kind:
            raise _not_understood(self._peek())
        self._next += 1
        return self._tokens[self._next - 1].text

    def _peek(self, ahead: int = 0) -> str:
        position = self._next + ahead
        return self._tokens[position].text if position < len(self._tokens) else "<EOF>"

    def _take(self, word: str) -> bool:
        if self._next < len(self._tokens):
            token = self._tokens[self._next]
            if token.kind in ("word", "sign") and token.text.upper() == word:
                self._next += 1
                return True
        return False

    def _expect(self, word: str) -> None:
        if not self._take(word):
            raise _not_understood(self._peek())
