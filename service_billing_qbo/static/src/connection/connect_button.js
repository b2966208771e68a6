import { Component, onMounted, onWillUnmount, useExternalListener, useState } from "@odoo/owl";
import { AlertDialog, ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useLiveRecord } from "../live/live_record";

const CONNECTION = "qbo.connection";
const WINDOW_NAME = "service_billing_qbo_connect";
const WINDOW_FEATURES = "popup,width=900,height=780";
/** Windows tell each other on this channel: our page after QuickBooks, and Disconnect. */
const CHANNEL = "service_billing_qbo";

/**
 * What both buttons share: which connection they are about, and that their view follows.
 *
 * They stand on the connection itself, or on a record that has it in a field (Settings).
 */
class ConnectionButton extends Component {
    static props = {
        ...standardWidgetProps,
        connectionField: { type: String, optional: true },
        stateField: { type: String, optional: true },
    };

    setup() {
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.live = useLiveRecord();
        onMounted(() => {
            this.channel = new BroadcastChannel(CHANNEL);
            this.channel.onmessage = () => this.refresh();
        });
        onWillUnmount(() => this.channel.close());
    }

    get connectionId() {
        const { record, connectionField } = this.props;
        return connectionField ? record.data[connectionField].id : record.resId;
    }

    get connectionState() {
        return this.props.record.data[this.props.stateField || "state"];
    }

    /**
     * Keep what is typed before the connection changes. Settings are not saved for it:
     * that would write all of Odoo's.
     *
     * @returns {Promise<boolean>} whether to go on
     */
    async keepEdits() {
        const { record, connectionField } = this.props;
        if (!connectionField) {
            return record.save();
        }
        if (await record.isDirty()) {
            this.dialog.add(AlertDialog, { body: _t("Save your changes first.") });
            return false;
        }
        return true;
    }

    async refresh() {
        const { record, connectionField } = this.props;
        if (!connectionField) {
            this.live.reload();
        } else if (!(await record.isDirty())) {
            this.action.doAction("soft_reload");
        }
    }
}

/**
 * "Connect to QuickBooks": opens the window, saves the form, then goes to the
 * start route. The window is opened first, within the click, else the browser
 * takes it for an unwanted pop-up.
 */
export class ConnectButton extends ConnectionButton {
    static template = "service_billing_qbo.ConnectButton";

    setup() {
        super.setup();
        this.state = useState({ started: false });
        useExternalListener(window, "focus", () => this.state.started && this.refresh());
    }

    get label() {
        switch (this.connectionState) {
            case "connecting":
                return _t("Start again");
            case "wrong_company":
                return _t("Choose");
            case "connected":
                return _t("Connect again");
            default:
                return _t("Connect to QuickBooks");
        }
    }

    get isPrimary() {
        return this.connectionState !== "connected";
    }

    get url() {
        const step = this.connectionState === "wrong_company" ? "choose" : "connect";
        return `/service_billing_qbo/${step}/${this.connectionId}`;
    }

    async onClick() {
        const target = browser.open("", WINDOW_NAME, WINDOW_FEATURES);
        let mayGo = false;
        try {
            mayGo = await this.keepEdits();
        } finally {
            // Also when saving fails: nobody needs an empty window.
            if (!mayGo) {
                target?.close();
            }
        }
        if (!mayGo) {
            return;
        }
        this.state.started = true;
        if (target) {
            target.location.href = this.url;
            target.focus();
        } else {
            this.offerThisTab(this.url);
        }
    }

    offerThisTab(url) {
        this.dialog.add(ConfirmationDialog, {
            title: this.label,
            body: _t("Your browser blocked the window."),
            confirmLabel: _t("Continue in this tab"),
            confirm: () => browser.location.assign(url),
            cancelLabel: _t("Cancel"),
            cancel: () => {},
        });
    }
}

/**
 * "Disconnect QB Online": asks, disconnects, says so. Dialogs of its own, for a
 * second action in a dialog would replace the Edit dialog it is pressed in.
 */
export class DisconnectButton extends ConnectionButton {
    static template = "service_billing_qbo.DisconnectButton";

    setup() {
        super.setup();
        this.orm = useService("orm");
    }

    async onClick() {
        // A double click asks once.
        if (this.isAsking) {
            return;
        }
        this.isAsking = true;
        try {
            const question = await this.orm.call(CONNECTION, "disconnect_question", [
                [this.connectionId],
            ]);
            this.ask(question);
        } catch (error) {
            this.isAsking = false;
            throw error;
        }
    }

    ask(question) {
        this.dialog.add(
            ConfirmationDialog,
            {
                title: _t("Disconnect QB Online"),
                body: question,
                confirmLabel: _t("Disconnect"),
                confirm: () => this.disconnect(),
                cancelLabel: _t("Keep connected"),
                cancel: () => {},
            },
            {
                onClose: () => {
                    this.isAsking = false;
                },
            }
        );
    }

    async disconnect() {
        if (!(await this.keepEdits())) {
            return;
        }
        const { record, connectionField } = this.props;
        const body = await this.orm.call(CONNECTION, "disconnect_from_quickbooks", [
            [this.connectionId],
        ]);
        // The Configuration behind the Edit dialog, and other windows.
        this.channel.postMessage({ type: "service_billing_qbo/connection" });
        if (connectionField) {
            await this.action.doAction("soft_reload");
        } else {
            await record.model.root.load();
        }
        this.dialog.add(AlertDialog, {
            title: _t("Successful Disconnection"),
            body,
            confirmLabel: _t("OK"),
        });
    }
}

const supportedOptions = [
    { label: _t("Field with the connection"), name: "connection_field", type: "field" },
    { label: _t("Field with its state"), name: "state_field", type: "field" },
];
const definition = {
    supportedOptions,
    fieldDependencies: ({ options }) =>
        options.connection_field ? [] : [{ name: "state", type: "selection" }],
    extractProps: ({ options }) => ({
        connectionField: options.connection_field,
        stateField: options.state_field,
    }),
};

registry
    .category("view_widgets")
    .add("qbo_connect", { ...definition, component: ConnectButton })
    .add("qbo_disconnect", { ...definition, component: DisconnectButton });
