{
    "name": "Service Billing for QuickBooks Online",
    "summary": "Customers and posted invoices in QuickBooks, exactly once",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "license": "LGPL-3",
    "author": "Service Billing Contributors, Odoo Community Association (OCA)",
    "depends": ["account", "product", "mail", "bus"],
    "external_dependencies": {
        "python": ["requests", "oauthlib", "cryptography", "simplejson"],
    },
    # Loaded in this order: groups, access, data, then views (menus last).
    "data": [
        "security/groups.xml",
        "security/ir.model.access.csv",
        "security/rules.xml",
        "data/mail_activity_type.xml",
        "data/ir_cron_housekeeping.xml",
        "data/ir_cron.xml",
        "views/oauth_pages.xml",
    ],
    "application": True,
    "installable": True,
}
