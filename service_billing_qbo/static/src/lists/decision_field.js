import { registry } from "@web/core/registry";
import { selectionField, SelectionField } from "@web/views/fields/selection/selection_field";

/** Selection of an editable list that says where to click while nothing is chosen. */
export class DecisionField extends SelectionField {
    static template = "service_billing_qbo.DecisionField";
    static props = {
        ...SelectionField.props,
        isFixed: { type: Boolean, optional: true },
    };

    /** Whether a click would open the field, and nothing is in it. */
    get isOpenChoice() {
        const { isFixed, name, readonly, record } = this.props;
        // Odoo's lists say by this whether the user may change their rows.
        return readonly && !isFixed && record.model.multiEdit && !record.data[name];
    }
}

registry.category("fields").add("qbo_decision", {
    ...selectionField,
    component: DecisionField,
    extractProps: (staticInfo, dynamicInfo) => ({
        ...selectionField.extractProps(staticInfo, dynamicInfo),
        isFixed: Boolean(dynamicInfo.readonly),
    }),
});
