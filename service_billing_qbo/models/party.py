"""What is compared of an Odoo customer with those that QuickBooks has."""

from ..mappers.contacts import emails
from ..mappers.matching import Party


def party_of(partner):
    """Return what is compared of an Odoo customer.

    :param partner: ``res.partner``
    :rtype: mappers.matching.Party
    """
    addresses = emails(partner.email or "")
    return Party(
        id=partner.id,
        name=partner.name or "",
        email=addresses[0] if addresses else "",
        tax_id=partner.vat or "",
    )
