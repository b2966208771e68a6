/**
 * Entries of the cog menu only where they do something.
 *
 * Odoo binds an action to a model, so to vendor bills and journal entries as well. The
 * server names our entries (models/account_move_menu.py); an invoice says itself which
 * of them make sense, a list has them where it has the column of QuickBooks.
 */
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";
import { ListController } from "@web/views/list/list_controller";

const DOCUMENTS = new Set(["out_invoice", "out_refund"]);

/** The entries without those of ours for which `makesSense` does not hold. */
function filtered(items, makesSense) {
    return {
        ...items,
        action: items.action.filter(
            ({ qbo_entry: entry }) => !entry || makesSense(entry)
        ),
    };
}

patch(FormController.prototype, {
    get actionMenuItems() {
        const makeSense = (this.model.root.data.qbo_entries || "").split(",");
        return filtered(super.actionMenuItems, (entry) => makeSense.includes(entry));
    },
});

patch(ListController.prototype, {
    get actionMenuItems() {
        const isOurs = DOCUMENTS.has(this.props.context.default_move_type);
        return filtered(super.actionMenuItems, () => isOurs);
    },
});
