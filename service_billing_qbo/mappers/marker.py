"""The text by which an object in QuickBooks names its Odoo record."""

__all__ = ["marker"]

UUID_LENGTH = 8


def marker(database_uuid: str, model: str, record_id: int) -> str:
    """Return the marker, different for each database: ``odoo:1f2e3d4c:res.partner/42``."""
    return f"odoo:{database_uuid[:UUID_LENGTH]}:{model}/{record_id}"
