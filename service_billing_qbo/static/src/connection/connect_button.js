import { Component, onMounted, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useLiveRecord } from "../live/live_record";

const WINDOW_NAME = "service_billing_qbo_connect";
const WINDOW_FEATURES = "popup,width=900,height=780";
/** Our page after QuickBooks tells the other windows on this channel. */
const CHANNEL = "service_billing_qbo";

/**
 * "Connect to QuickBooks": opens the window, saves the form, then goes to the
 * start route. The window is opened first, within the click, else the browser
 * takes it for an unwanted pop-up.
 */
export class ConnectButton extends Component {
    static template = "service_billing_qbo.ConnectButton";
    static props = { ...standardWidgetProps };

    setup() {
        this.dialog = useService("dialog");
        this.state = useState({ started: false });
        this.live = useLiveRecord();
        let channel;
        onMounted(() => {
            channel = new BroadcastChannel(CHANNEL);
            channel.onmessage = () => this.refresh();
        });
        onWillUnmount(() => channel.close());
        useExternalListener(window, "focus", () => this.state.started && this.refresh());
    }

    get label() {
        return this.props.record.data.state === "connecting"
            ? _t("Start again")
            : _t("Connect to QuickBooks");
    }

    async onClick() {
        const target = browser.open("", WINDOW_NAME, WINDOW_FEATURES);
        const saved = await this.props.record.save();
        if (!saved) {
            target?.close();
            return;
        }
        this.state.started = true;
        const url = `/service_billing_qbo/connect/${this.props.record.resId}`;
        if (target) {
            target.location.href = url;
            target.focus();
        } else {
            this.offerThisTab(url);
        }
    }

    offerThisTab(url) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Connect to QuickBooks"),
            body: _t("Your browser blocked the window."),
            confirmLabel: _t("Continue in this tab"),
            confirm: () => browser.location.assign(url),
            cancelLabel: _t("Cancel"),
            cancel: () => {},
        });
    }

    refresh() {
        this.live.reload();
    }
}

/**
 * "Disconnect QB Online": asks, disconnects, says so. Dialogs of its own, for a
 * second action in a dialog would replace the Edit dialog it is pressed in.
 */
export class DisconnectButton extends Component {
    static template = "service_billing_qbo.DisconnectButton";
    static props = { ...standardWidgetProps };

    setup() {
        this.dialog = useService("dialog");
        this.orm = useService("orm");
    }

    async onClick() {
        const { resModel, resId } = this.props.record;
        if (!(await this.props.record.save())) {
            return;
        }
        const question = await this.orm.call(resModel, "disconnect_question", [[resId]]);
        this.dialog.add(ConfirmationDialog, {
            title: _t("Disconnect QB Online"),
            body: question,
            confirmLabel: _t("Disconnect"),
            confirm: () => this.disconnect(),
            cancelLabel: _t("Keep connected"),
            cancel: () => {},
        });
    }

    async disconnect() {
        const { record } = this.props;
        const body = await this.orm.call(record.resModel, "disconnect_from_quickbooks", [
            [record.resId],
        ]);
        await record.model.root.load();
        this.dialog.add(AlertDialog, {
            title: _t("Successful Disconnection"),
            body,
            confirmLabel: _t("OK"),
        });
    }
}

const connectionFields = [{ name: "state", type: "selection" }];

registry.category("view_widgets").add("qbo_connect", {
    component: ConnectButton,
    fieldDependencies: connectionFields,
});
registry.category("view_widgets").add("qbo_disconnect", {
    component: DisconnectButton,
    fieldDependencies: connectionFields,
});
