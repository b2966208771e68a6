import { Component, onWillUnmount, useState, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** A text that costs more to find than opening the form may: read when its tab is shown. */
export class LaterText extends Component {
    static template = xml`<span t-esc="state.text" />`;
    static props = { ...standardWidgetProps, field: String };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ text: "" });
        this.isShown = true;
        onWillUnmount(() => {
            this.isShown = false;
        });
        useRecordObserver((record) => {
            if (record.resId && !record.dirty) {
                this.read(record.resModel, record.resId);
            }
        });
    }

    async read(resModel, resId) {
        const { field } = this.props;
        const [found] = await this.orm.read(resModel, [resId], [field]);
        if (this.isShown) {
            this.state.text = found?.[field] || "";
        }
    }
}

registry.category("view_widgets").add("qbo_later", {
    component: LaterText,
    extractProps: ({ options }) => ({ field: options.field }),
});
