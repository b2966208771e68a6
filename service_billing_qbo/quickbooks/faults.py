"""Why QuickBooks refused, and what is to be done about it.

Reading a fault (``_fault_shapes``), the table of codes (``_fault_codes``) and the
decision about any error (``_error_outcomes``) are three files behind this one name.
"""

from ._error_outcomes import classify_error
from ._fault_codes import (
    CODES,
    PROBLEM_KINDS,
    Classification,
    Outcome,
    classify,
    existing_id,
)
from ._fault_shapes import Fault, faults_in, parse_faults

__all__ = [
    "CODES",
    "PROBLEM_KINDS",
    "Classification",
    "Fault",
    "Outcome",
    "classify",
    "classify_error",
    "existing_id",
    "faults_in",
    "parse_faults",
]
