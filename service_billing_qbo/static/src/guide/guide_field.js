import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useLiveRecord } from "../live/live_record";

/** The check list of the first set-up: what is done, what was found, where to go on. */
export class GuideField extends Component {
    static template = "service_billing_qbo.GuideField";
    static props = { ...standardFieldProps };

    setup() {
        // Not by useService: the card may be drawn anew while the click is under way.
        this.action = this.env.services.action;
        this.orm = this.env.services.orm;
        useLiveRecord();
    }

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }

    get title() {
        return _t("Set up QuickBooks: %(done)s of %(all)s steps done", {
            done: this.steps.filter((step) => step.done).length,
            all: this.steps.length,
        });
    }

    /** The first step that is not done is the one to go on with. */
    isNext(step) {
        return step === this.steps.find((each) => !each.done);
    }

    async onOpen(step) {
        const { record } = this.props;
        const action = await this.orm.call(record.resModel, "action_guide", [
            [record.resId],
            step.key,
        ]);
        if (action) {
            await this.action.doAction(action, { onClose: () => record.model.load() });
        } else {
            await record.model.load();
        }
    }

    async onLeaveEarlier() {
        const { record } = this.props;
        await this.orm.call(record.resModel, "action_guide_leave_earlier", [[record.resId]]);
        await record.model.load();
    }
}

registry.category("fields").add("qbo_guide", {
    component: GuideField,
    supportedTypes: ["json"],
    // The list follows the state of its record.
    fieldDependencies: [{ name: "state", type: "selection" }],
});
