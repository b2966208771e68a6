import { getColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import {
    JournalDashboardGraphField,
    journalDashboardGraphField,
} from "@web/views/fields/journal_dashboard_graph/journal_dashboard_graph_field";

/** Blue, red and teal, as in Odoo's small palette. */
const COLOURS = { info: 0, danger: 1, success: 2 };
/** So many numbers beside the bars are enough to read them by. */
const TICKS = 4;

/** Odoo's plot of a dashboard card with a scale: a figure for each day, or several on
 *  top of each other; with the meaning of its colours, and as a table for those who do
 *  not see it. */
export class DayGraphField extends JournalDashboardGraphField {
    static template = "service_billing_qbo.DayGraphField";

    get series() {
        return this.data.map((series) => ({ ...series, colour: this.colourOf(series) }));
    }

    /** One row a day, with the figure of each series. */
    get days() {
        return this.data[0].values.map((point, index) => ({
            label: point.label,
            figures: this.data.map((series) => this.figure(series.values[index].value)),
        }));
    }

    get dayLabel() {
        return _t("Day");
    }

    colourOf(series) {
        return getColor(COLOURS[series.color], cookie.get("color_scheme"), "sm");
    }

    figure(value) {
        if (value === null) {
            return "-";
        }
        return Number.isInteger(value) ? formatInteger(value) : formatFloat(value, { digits: [16, 1] });
    }

    getBarChartConfig() {
        const config = super.getBarChartConfig();
        config.data.datasets = this.series.map((series) => ({
            label: series.key,
            data: series.values.map((point) => point.value),
            backgroundColor: series.colour,
            borderColor: series.colour,
        }));
        config.options.plugins.tooltip.mode = "index";
        // The card is drawn anew whenever something was exported: nothing shall hop.
        config.options.animation = false;
        // Odoo's graph is wider than its card's text.
        config.options.layout = { padding: { left: 14, right: 18 } };
        const { x, y } = config.options.scales;
        x.stacked = y.stacked = true;
        Object.assign(y, {
            display: true,
            beginAtZero: true,
            suggestedMax: 1,
            grid: x.grid,
            border: x.border,
            ticks: { ...x.ticks, maxTicksLimit: TICKS, precision: 0 },
        });
        return config;
    }

    /** The same days and scale; a day without a figure is passed over. */
    getLineChartConfig() {
        const config = this.getBarChartConfig();
        config.type = "line";
        for (const dataset of config.data.datasets) {
            Object.assign(dataset, { spanGaps: true, borderWidth: 2, pointRadius: 3 });
        }
        config.options.scales.x.offset = true;
        return config;
    }
}

registry.category("fields").add("qbo_day_graph", {
    ...journalDashboardGraphField,
    component: DayGraphField,
});
