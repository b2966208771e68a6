"""What the tests send, checked against the names and types of Intuit's schemas.

The schemas lie beside the tests of the emulator, as a table: see the README there.
"""

import importlib.util
import json
import sys
from pathlib import Path

SCHEMA = Path(__file__).parents[2] / "tests/emulator/contract/schema"
ITEM_KEYS = {"bId", "operation", "optionsData", "Query"}


def _validator():
    """Return the module of the emulator's tests that knows the schemas."""
    name = "qbo_schema"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            name, SCHEMA / "__init__.py", submodule_search_locations=[str(SCHEMA)]
        )
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return importlib.import_module(f"{name}.validator")


def payloads_of(requests):
    """Yield entity and payload of everything that was written to QuickBooks.

    :param list requests: the emulator's log
    """
    for request in requests:
        body = request.get("body")
        if request["method"] != "POST" or not body or "/v3/" not in request["path"]:
            continue
        path = request["path"].rstrip("/").rpartition("/")[2]
        if path == "query" or path == "upload":
            continue
        content = body if isinstance(body, dict) else json.loads(body)
        for item in content.get("BatchItemRequest", [{path: content}]):
            for name, payload in item.items():
                if name not in ITEM_KEYS:
                    yield name, payload


def schema_problems(requests):
    """Return what Intuit's schemas do not know in the payloads, each once.

    :param list requests: the emulator's log
    :rtype: list[str]
    """
    validator = _validator()
    by_lower = {name.lower(): name for name in validator._TYPES}
    found = set()
    for entity, payload in payloads_of(requests):
        name = by_lower.get(entity.lower(), entity)
        found.update(validator.problems_of(json.dumps({name: payload}, default=str)))
    return sorted(found)
