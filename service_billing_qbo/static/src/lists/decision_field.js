import { registry } from "@web/core/registry";
import { isOpenChoice } from "./choice_field";
import { selectionField, SelectionField } from "@web/views/fields/selection/selection_field";

/** Selection of an editable list that says where to click while nothing is chosen. */
export class DecisionField extends SelectionField {
    static template = "service_billing_qbo.DecisionField";
    static props = {
        ...SelectionField.props,
        isFixed: { type: Boolean, optional: true },
    };

    get isOpenChoice() {
        return isOpenChoice(this.props);
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
