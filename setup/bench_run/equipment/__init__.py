"""What measurements share: a company at work, and an Odoo process that is measured."""
