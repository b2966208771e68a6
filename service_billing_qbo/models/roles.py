"""Who may press what: the server's side of the buttons that a view hides.

A method that works as superuser must not trust that its button was hidden.
"""

from odoo.exceptions import AccessError

CLERK = "account.group_account_invoice"
BOOKKEEPER = "service_billing_qbo.group_bookkeeper"
ADMINISTRATOR = "service_billing_qbo.group_administrator"


def check_role(env, role: str) -> None:
    """Let only people with a role go on, also where a method works as superuser.

    Automatic work runs as Odoo's own user, who has every role.

    :param role: one of the groups above
    :raise AccessError: in words that name the role
    """
    if env.user.has_group(role):
        return
    names = {
        CLERK: env._("Only people who make invoices can do this."),
        BOOKKEEPER: env._("Only a bookkeeper can do this."),
        ADMINISTRATOR: env._("Only a QuickBooks administrator can do this."),
    }
    raise AccessError(names[role])
