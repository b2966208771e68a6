import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/**
 * Apply many decisions of Match Customers part by part, each saved at once, and show how
 * far it has come. What fails half-way leaves the rest decided: press again.
 */
async function applyDecisions(env, { params }) {
    const { ids, at_once: atOnce } = params;
    const { action, orm, ui } = env.services;
    const parts = [];
    for (let done = 0; done < ids.length; done += atOnce) {
        const message = _t("%(done)s of %(count)s decisions applied.", {
            done,
            count: ids.length,
        });
        ui.block({ message });
        try {
            const part = ids.slice(done, done + atOnce);
            parts.push(await orm.call("qbo.match", "apply_decisions", [part]));
        } finally {
            ui.unblock();
        }
    }
    const said = await orm.call("qbo.match", "applied_words", [parts]);
    return action.doAction({
        type: "ir.actions.client",
        tag: "display_notification",
        params: said,
    });
}

registry.category("actions").add("service_billing_qbo.apply_decisions", applyDecisions);
