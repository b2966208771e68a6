import { registry } from "@web/core/registry";
import {
    buildM2OFieldDescription,
    extractM2OFieldProps,
    Many2OneField,
} from "@web/views/fields/many2one/many2one_field";

/**
 * Whether a click would open a field of an editable list, and nothing is in it.
 *
 * @param {Object} props of the field, with `isFixed`: nobody may change it in this row
 */
export function isOpenChoice({ isFixed, name, readonly, record }) {
    // Odoo's lists say by this whether the user may change their rows.
    return readonly && !isFixed && record.model.multiEdit && !record.data[name];
}

/** Many2one of an editable list that says where to click while nothing is chosen. */
export class ChoiceField extends Many2OneField {
    static template = "service_billing_qbo.ChoiceField";
    static props = {
        ...Many2OneField.props,
        isFixed: { type: Boolean, optional: true },
    };

    get isOpenChoice() {
        return isOpenChoice(this.props);
    }
}

registry.category("fields").add("qbo_choice", {
    ...buildM2OFieldDescription(ChoiceField),
    extractProps: (staticInfo, dynamicInfo) => ({
        ...extractM2OFieldProps(staticInfo, dynamicInfo),
        isFixed: Boolean(dynamicInfo.readonly),
    }),
});
