"""The bodies of refusals, in Intuit's two shapes."""

from __future__ import annotations

from datetime import datetime

from qbo_emulator.errors import Fault, GatewayFault
from qbo_emulator.jsontext import Document

__all__ = ["fault_body", "gateway_body"]


def fault_body(fault: Fault) -> Document:
    """Return ``{"Fault": ...}`` as QuickBooks itself words it."""
    return {
        "Fault": {
            "Error": [
                {
                    "Message": fault.kind.message,
                    "Detail": fault.detail,
                    "code": fault.kind.code,
                    "element": fault.element,
                }
            ],
            "type": fault.kind.type,
        },
    }


def gateway_body(fault: GatewayFault, now: datetime) -> Document:
    """Return the gateway's envelope: lower-case keys, time in milliseconds since
    1970."""
    error = {
        "message": fault.kind.message,
        "detail": fault.detail,
        "code": fault.kind.code,
        "element": None,
    }
    return {
        "warnings": None,
        "intuitObject": None,
        "fault": {"error": [error], "type": fault.kind.type},
        "report": None,
        "queryResponse": None,
        "batchItemResponse": [],
        "attachableResponse": [],
        "syncErrorResponse": None,
        "requestId": None,
        "time": int(now.timestamp() * 1000),
        "status": None,
        "cdcresponse": [],
    }
