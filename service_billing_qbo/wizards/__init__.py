from . import (
    base_partner_merge,
    qbo_accept_difference,
    qbo_create_items,
    qbo_exclude,
    qbo_link_customer,
    qbo_link_document,
    qbo_preview,
    qbo_test,
)
