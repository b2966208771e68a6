"""The text by which an object in QuickBooks names its Odoo record."""

__all__ = ["marker"]

UUID_LENGTH = 8


def marker(database_uuid: str, model: str, record_id: int) -> str:
    """Return the marker, for example ``odoo:1f2e3d4c:res.partner/42``.

    It differs from database to database, so that a copy never adopts a document.
    """
    return f"odoo:{database_uuid[:UUID_LENGTH]}:{model}/{record_id}"
