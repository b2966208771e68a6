{
    "name": "QuickBooks export: an example of how to extend it",
    "summary": "A field on the invoice and a billing type, by inheritance",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Service Billing Contributors, Odoo Community Association (OCA)",
    "depends": ["service_billing_qbo"],
}
