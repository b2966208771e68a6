import { Component, reactive, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

/** What changes together is told together. */
const TELL_AFTER_MS = 200;
/** More documents are a number. */
const NAMED = 3;

/**
 * Tells who hears the screen what has changed on it: by one region for the whole page,
 * whatever number of badges it shows, and by one that interrupts, for losses.
 */
export const announcerService = {
    start() {
        const said = reactive({ status: "", alert: "" });
        const waiting = { status: [], alert: [] };
        const tell = (kind) => {
            const texts = waiting[kind];
            waiting[kind] = [];
            said[kind] =
                texts.length > NAMED
                    ? _t("%s statuses have changed.", texts.length)
                    : texts.join(". ");
        };
        return {
            said,
            /**
             * @param {string} text what changed, and to what
             * @param {boolean} isLoss whether somebody has to act
             */
            announce(text, isLoss) {
                const kind = isLoss ? "alert" : "status";
                if (!waiting[kind].length) {
                    browser.setTimeout(() => tell(kind), TELL_AFTER_MS);
                }
                waiting[kind].push(text);
            },
        };
    },
};
registry.category("services").add("service_billing_qbo.announcer", announcerService);

export class Announcer extends Component {
    static template = "service_billing_qbo.Announcer";
    static props = {};

    setup() {
        this.said = useState(useService("service_billing_qbo.announcer").said);
    }
}
registry
    .category("main_components")
    .add("service_billing_qbo.Announcer", { Component: Announcer });
