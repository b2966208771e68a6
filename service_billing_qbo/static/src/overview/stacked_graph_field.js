import { getColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";
import { registry } from "@web/core/registry";
import {
    JournalDashboardGraphField,
    journalDashboardGraphField,
} from "@web/views/fields/journal_dashboard_graph/journal_dashboard_graph_field";

/** Teal and red, as in Odoo's small palette. */
const COLOURS = { success: 2, danger: 1 };

/** Odoo's bars of a dashboard card, of several counts on top of each other. */
export class StackedGraphField extends JournalDashboardGraphField {
    getBarChartConfig() {
        const config = super.getBarChartConfig();
        const scheme = cookie.get("color_scheme");
        config.data.datasets = this.data.map((series) => ({
            label: series.key,
            data: series.values.map((point) => point.value),
            backgroundColor: getColor(COLOURS[series.color], scheme, "sm"),
        }));
        config.options.plugins.tooltip.mode = "index";
        // The first day's label is slanted and begins before its bar.
        config.options.layout = { padding: { left: 14 } };
        for (const axis of Object.values(config.options.scales)) {
            axis.stacked = true;
        }
        return config;
    }
}

registry.category("fields").add("qbo_stacked_graph", {
    ...journalDashboardGraphField,
    component: StackedGraphField,
});
