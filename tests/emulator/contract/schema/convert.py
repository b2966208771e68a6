"""Turns Intuit's published schemas into the table that answers are checked against.

    python -m tests.emulator.contract.schema.convert FOLDER

The folder holds ``Finance.xsd``, ``IntuitBaseTypes.xsd``, ``IntuitNamesTypes.xsd``,
``IntuitRestServiceDef.xsd``, ``SalesTax.xsd`` and ``Report.xsd``; Intuit ships them
with its SDK for PHP (GitHub: ``intuit/QuickBooks-V3-PHP-SDK``, Packagist:
``quickbooks/v3-php-sdk``) in ``src/XSD``. Only names, types and enumerations of what
the emulator answers are taken over.
"""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from qbo_emulator.entities.registry import ENTITIES

TABLE = Path(__file__).with_name("table.json")
NOTICE = (
    "Names, types and enumerations taken from the XML schemas of Intuit's QuickBooks V3"
    " PHP SDK (src/XSD). Copyright 2016 Intuit, Inc. Licensed under the Apache License,"
    " Version 2.0: see LICENSE.apache-2.0.txt beside this file. Changed: descriptions,"
    " order and occurrence are left out, the rest is written as JSON."
)
_XS = "{http://www.w3.org/2001/XMLSchema}"
_FILES = (
    "IntuitBaseTypes.xsd",
    "IntuitNamesTypes.xsd",
    "Finance.xsd",
    "SalesTax.xsd",
    "Report.xsd",
    "IntuitRestServiceDef.xsd",
)
#: XML Schema's own types, what stands for any entity, and reports.
_NOT_WANTED = ("xs:", "IntuitObject", "Report")
_ENVELOPE = ("Fault", "QueryResponse", "BatchItemResponse", "CDCResponse")


class _Schemas:
    """What the files declare, by name."""

    def __init__(self, folder: Path) -> None:
        roots = [ET.parse(folder / name).getroot() for name in _FILES]
        self.complex = _by_name(roots, "complexType")
        self.simple = _by_name(roots, "simpleType")
        self.elements = _by_name(roots, "element")
        self.groups = _by_name(roots, "group")

    def members(self, declared: ET.Element) -> dict[str, str]:
        """Return type by name of a complex type's own members; a list's ends in []."""
        found: dict[str, str] = {}
        for node in declared.iter():
            if node.tag == f"{_XS}attribute" and "name" in node.attrib:
                found[node.attrib["name"]] = node.get("type", "xs:string")
            elif node.tag == f"{_XS}element":
                many = "" if node.get("maxOccurs", "1") in ("0", "1") else "[]"
                name = node.get("name") or node.attrib["ref"]
                kind = node.get("type") or self.elements[name].get("type", "xs:string")
                found[name] = kind + many
            elif node.tag == f"{_XS}group" and "ref" in node.attrib:
                found |= self.members(self.groups[node.attrib["ref"]])
        return found


def _by_name(roots: list[ET.Element], tag: str) -> dict[str, ET.Element]:
    return {
        node.attrib["name"]: node
        for root in roots
        for node in root.findall(f"{_XS}{tag}")
    }


def convert(folder: Path) -> dict[str, Any]:
    """Return the table of every type that an answer of the emulator can hold."""
    schemas = _Schemas(folder)
    types: dict[str, Any] = {}
    enums: dict[str, Any] = {}
    todo = [*ENTITIES, *_ENVELOPE, "TaxService"]
    while todo:
        name = todo.pop()
        if name in types or name in enums or name.startswith(_NOT_WANTED):
            continue
        if name in schemas.simple:
            enums[name] = _restriction(schemas.simple[name])
            continue
        declared = schemas.complex[name]
        extension = declared.find(f".//{_XS}extension")
        base = "" if extension is None else extension.attrib["base"]
        members = schemas.members(declared)
        types[name] = {"base": base, "members": members}
        todo += [kind.removesuffix("[]") for kind in members.values()]
        todo += [base] if base else []
    return {
        "notice": NOTICE,
        "types": dict(sorted(types.items())),
        "enums": dict(sorted(enums.items())),
    }


def _restriction(declared: ET.Element) -> Any:
    """Return the values of an enumeration, the base type of any other simple type."""
    values = [node.attrib["value"] for node in declared.iter(f"{_XS}enumeration")]
    restriction = declared.find(f"{_XS}restriction")
    if values or restriction is None:
        return values
    return restriction.attrib["base"]


def written(table: dict[str, Any]) -> str:
    """Return the table as its file holds it: a line for each type."""
    parts = [f'"notice": {json.dumps(table["notice"])}']
    for part in ("types", "enums"):
        lines = [
            f"  {json.dumps(name)}: {json.dumps(value, sort_keys=True)}"
            for name, value in table[part].items()
        ]
        parts.append(f'"{part}": {{\n' + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(written(convert(Path(sys.argv[1]))), encoding="utf-8")
