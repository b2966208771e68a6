import { onWillUnmount, useState } from "@odoo/owl";
import { ActionableErrors } from "@account/components/actionable_errors/actionable_errors";
import { KeepLast } from "@web/core/utils/concurrency";
import { registry } from "@web/core/registry";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** Statuses of which there is nothing to say beside the badge. */
const SILENT = ["exported", "sending", "checking", "retry", "withdrawn"];

/**
 * What stands between an invoice and QuickBooks, above the invoice.
 *
 * Asked for once the invoice is on screen: a draft is looked through as it would be
 * sent, and nobody shall wait for that.
 */
export class MoveAlert extends ActionableErrors {
    static template = "service_billing_qbo.MoveAlert";
    static props = { ...standardWidgetProps };

    setup() {
        super.setup();
        this.state = useState({ alerts: {} });
        this.keepLast = new KeepLast();
        this.isShown = true;
        onWillUnmount(() => {
            this.isShown = false;
        });
        useRecordObserver((record) => {
            // Each time the record was read or saved, not while it is typed into.
            const { qbo_status: status, state } = record.data;
            this.look(record.resId, status, state, record.dirty);
        });
    }

    get errorData() {
        return this.state.alerts;
    }

    async look(resId, status, moveState, isDirty) {
        if (isDirty) {
            return;
        }
        const isTold = resId && (moveState === "draft" || !SILENT.includes(status));
        const alert = isTold
            ? await this.keepLast.add(this.orm.call("account.move", "qbo_alert", [[resId]]))
            : false;
        if (this.isShown) {
            this.state.alerts = alert ? { service_billing_qbo: alert } : {};
        }
    }
}

registry.category("view_widgets").add("qbo_alert", {
    component: MoveAlert,
    fieldDependencies: [
        { name: "qbo_status", type: "selection" },
        { name: "state", type: "selection" },
    ],
});
