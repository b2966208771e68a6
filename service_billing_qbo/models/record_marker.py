from ..mappers.marker import marker


def marker_of(record) -> str:
    """Return the text that names one Odoo record in QuickBooks, for every database."""
    record.ensure_one()
    uuid = record.env["ir.config_parameter"].sudo().get_param("database.uuid", "")
    return marker(uuid, record._name, record.id)
