"""Answers that say the same in a shape that clients do not expect."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from qbo_emulator.countries import iso3
from qbo_emulator.jsontext import dumps, loads
from qbo_emulator.wire.answer import JSON, Answer

__all__ = ["iso3_countries", "unknown_member"]

Options = dict[str, Any]


def unknown_member(answer: Answer, options: Options) -> Answer:
    """Every object has one more member: added ones make no new minor version (BLOG-
    MV)."""
    name = str(options.get("name", "AddedByIntuit"))

    def changed(value: dict[str, Any]) -> dict[str, Any]:
        return {**value, name: {"value": "1", "since": "2026-11-22"}}

    return _each_object(answer, changed)


def iso3_countries(answer: Answer, _options: Options) -> Answer:
    """Countries of all addresses come as ISO-3, whatever was written (BLOG-AUG25)."""

    def changed(value: dict[str, Any]) -> dict[str, Any]:
        addresses = {
            name: {**each, "Country": iso3(str(each["Country"]))}
            for name, each in value.items()
            if isinstance(each, dict) and "Addr" in name and "Country" in each
        }
        return {**value, **addresses}

    return _each_object(answer, changed)


def _each_object(
    answer: Answer, changed: Callable[[dict[str, Any]], dict[str, Any]]
) -> Answer:
    """Return a JSON answer with each of its objects changed; any other as it is."""
    if answer.content_type != JSON or not answer.body:
        return answer

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return changed({name: walk(each) for name, each in value.items()})
        return [walk(each) for each in value] if isinstance(value, list) else value

    return replace(answer, body=dumps(walk(loads(answer.body))))
