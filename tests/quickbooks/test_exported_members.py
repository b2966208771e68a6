"""What the package offers is what it says, and nothing in it knows Odoo."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from service_billing_qbo import quickbooks

FOLDER = Path(quickbooks.__path__[0])
MODULES = sorted(path.stem for path in FOLDER.glob("*.py"))
PUBLIC = [name for name in MODULES if not name.startswith("_")]


def module(name: str) -> ModuleType:
    return importlib.import_module(f"service_billing_qbo.quickbooks.{name}")


@pytest.mark.parametrize("name", [name for name in MODULES if name != "__init__"])
def test_all_names_exist_and_are_sorted_once(name: str) -> None:
    exported = module(name).__all__

    assert all(hasattr(module(name), member) for member in exported)
    assert len(set(exported)) == len(exported)


def test_package_exports_what_it_imports() -> None:
    imported = {
        alias.name
        for node in ast.parse((FOLDER / "__init__.py").read_text()).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    assert set(quickbooks.__all__) == imported


@pytest.mark.parametrize("name", ["errors", "crypto"])
def test_package_exports_every_error(name: str) -> None:
    kinds = {
        member
        for member in module(name).__all__
        if isinstance(getattr(module(name), member), type)
        and issubclass(getattr(module(name), member), Exception)
    }

    assert kinds <= set(quickbooks.__all__)


@pytest.mark.parametrize("name", PUBLIC)
def test_public_functions_and_classes_say_what_they_are(name: str) -> None:
    tree = ast.parse((FOLDER / f"{name}.py").read_text())
    silent = [
        node.name for node in public_definitions(tree) if not ast.get_docstring(node)
    ]

    assert silent == []
    assert ast.get_docstring(tree)


def public_definitions(
    holder: ast.Module | ast.ClassDef,
) -> Iterator[ast.ClassDef | ast.FunctionDef]:
    for node in holder.body:
        if not isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            continue
        if node.name.startswith("_") or is_overload(node):
            continue
        yield node
        if isinstance(node, ast.ClassDef):
            yield from public_definitions(node)


def is_overload(node: ast.ClassDef | ast.FunctionDef) -> bool:
    return any(
        ast.unparse(decorator) == "overload" for decorator in node.decorator_list
    )


@pytest.mark.parametrize("name", MODULES)
def test_module_imports_no_odoo_and_no_emulator(name: str) -> None:
    oauth = {"oauthlib", "requests_oauthlib"}
    allowed = oauth | {"cryptography", "requests", "simplejson", "urllib3"}
    imported = set()
    for node in ast.walk(ast.parse((FOLDER / f"{name}.py").read_text())):
        if isinstance(node, ast.Import):
            imported |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            imported.add(str(node.module).partition(".")[0])

    foreign = imported - allowed - STANDARD_LIBRARY
    assert foreign == set()


STANDARD_LIBRARY = {
    "__future__",
    "base64",
    "collections",
    "dataclasses",
    "datetime",
    "decimal",
    "email",
    "enum",
    "hashlib",
    "hmac",
    "html",
    "http",
    "ipaddress",
    "json",
    "logging",
    "os",
    "pathlib",
    "re",
    "secrets",
    "threading",
    "time",
    "types",
    "typing",
    "urllib",
    "xml",
}


def test_package_tells_type_checkers_that_it_is_typed() -> None:
    assert (FOLDER / "py.typed").exists()
