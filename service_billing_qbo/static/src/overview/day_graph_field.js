import { getColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";
import { registry } from "@web/core/registry";
import {
    JournalDashboardGraphField,
    journalDashboardGraphField,
} from "@web/views/fields/journal_dashboard_graph/journal_dashboard_graph_field";

/** Blue, red and teal, as in Odoo's small palette. */
const COLOURS = { info: 0, danger: 1, success: 2 };
/** So many numbers beside the bars are enough to read them by. */
const TICKS = 4;

/** Odoo's bars of a dashboard card with a scale: a figure for each day, or several on
 *  top of each other. */
export class DayGraphField extends JournalDashboardGraphField {
    getBarChartConfig() {
        const config = super.getBarChartConfig();
        const scheme = cookie.get("color_scheme");
        config.data.datasets = this.data.map((series) => ({
            label: series.key,
            data: series.values.map((point) => point.value),
            backgroundColor: getColor(COLOURS[series.color], scheme, "sm"),
        }));
        config.options.plugins.tooltip.mode = "index";
        // Odoo's graph is wider than its card's text.
        config.options.layout = { padding: { left: 14, right: 18 } };
        const { x, y } = config.options.scales;
        x.stacked = y.stacked = true;
        Object.assign(y, {
            display: true,
            suggestedMax: 1,
            grid: x.grid,
            border: x.border,
            ticks: { ...x.ticks, maxTicksLimit: TICKS, precision: 0 },
        });
        return config;
    }
}

registry.category("fields").add("qbo_day_graph", {
    ...journalDashboardGraphField,
    component: DayGraphField,
});
