import { Component, useEffect, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { Tooltip } from "@web/core/tooltip/tooltip";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { useLiveRecord } from "../live/live_record";

/**
 * Icon and colour of each status, whatever model shows it. The words come from
 * the selection of the field, so that a colour never stands alone.
 */
export const STATUS_MARKS = {
    // connection
    not_configured: ["circle-o", "grey"],
    not_connected: ["chain-broken", "grey"],
    disconnected: ["chain-broken", "grey"],
    connecting: ["spinner", "blue"],
    connected: ["check-circle", "green"],
    lost: ["exclamation-circle", "red"],
    wrong_company: ["exclamation-triangle", "red"],
    // export
    not_exported: ["ban", "grey"],
    excluded: ["ban", "grey"],
    cancelled: ["ban", "grey"],
    waiting: ["clock-o", "grey"],
    sending: ["refresh", "blue"],
    retry: ["repeat", "blue"],
    checking: ["search", "purple"],
    problem: ["exclamation-circle", "red"],
    exported: ["check", "green"],
    differs: ["exclamation-triangle", "amber"],
    change_waiting: ["pencil", "blue"],
    changed: ["external-link", "amber"],
    voided: ["external-link", "amber"],
    deleted: ["external-link", "amber"],
    withdrawn: ["ban", "grey"],
    // preview
    go: ["arrow-right", "blue"],
    there: ["check", "green"],
    stopped: ["exclamation-circle", "red"],
    nothing: ["circle-o", "grey"],
    equal: ["check", "green"],
    "preview_mark.changed": ["pencil", "blue"],
    // row of the test
    passed: ["check", "green"],
    warning: ["exclamation-triangle", "amber"],
    failed: ["exclamation-circle", "red"],
    not_checked: ["minus", "grey"],
    // reference, and the mapping to one
    missing: ["exclamation-circle", "red"],
    not_needed: ["circle-o", "grey"],
    in_quickbooks: ["check", "green"],
    inactive: ["exclamation-triangle", "amber"],
    "mark.deleted": ["exclamation-circle", "red"],
    "qbo_mark.deleted": ["exclamation-circle", "red"],
    not_checked_lately: ["question-circle-o", "grey"],
    // proposal of a match
    confident: ["check-circle", "green"],
    review: ["search", "amber"],
    no_match: ["circle-o", "grey"],
    // decision on a match
    link: ["link", "green"],
    create: ["plus-circle", "blue"],
    ignore: ["ban", "grey"],
};

/** Statuses that end by themselves, mostly within seconds. */
const ON_ITS_WAY = new Set(["waiting", "sending", "checking", "change_waiting"]);

/** Statuses that somebody has to act on. */
const LOSSES = new Set(["problem", "lost", "wrong_company"]);
/** By what a person knows a record, the first that its view has. */
const NAMES = ["name", "reference", "display_name"];

/** Badge with icon, colour and words; follows the record while it changes. */
export class StatusField extends Component {
    static template = "service_billing_qbo.StatusField";
    static props = {
        ...standardFieldProps,
        tooltipField: { type: String, optional: true },
        tooltipOnHover: { type: Boolean, optional: true },
        labelField: { type: String, optional: true },
    };

    setup() {
        useLiveRecord(() => ON_ITS_WAY.has(this.value));
        this.orm = useService("orm");
        this.hover = useState({ text: "", status: "" });
        this.explanation = usePopover(Tooltip, { position: "top" });
        const announcer = useService("service_billing_qbo.announcer");
        let shown = null;
        useEffect(
            (value, resId) => {
                if (shown?.resId === resId && shown.value !== value) {
                    const { data } = this.props.record;
                    const who = NAMES.map((name) => data[name]).find(Boolean);
                    const text = [who, this.label].filter(Boolean).join(": ");
                    announcer.announce(text, LOSSES.has(value));
                }
                shown = { resId, value };
            },
            () => [this.value, this.props.record.resId]
        );
    }

    /** The same for who comes by keyboard, to whom a browser shows no title. */
    async onFocused(ev) {
        const badge = ev.currentTarget;
        await this.onPointed();
        if (this.tooltip && badge === document.activeElement) {
            this.explanation.open(badge, { tooltip: this.tooltip });
        }
    }

    /** A list reads the explanation of the one badge that is pointed at. */
    async onPointed() {
        const { record, tooltipField, tooltipOnHover } = this.props;
        if (!tooltipOnHover || this.hover.status === this.value) {
            return;
        }
        this.hover.status = this.value;
        const [values] = await this.orm.silent.read(
            record.resModel,
            [record.resId],
            [tooltipField]
        );
        this.hover.text = values[tooltipField] || "";
    }

    get value() {
        return this.props.record.data[this.props.name];
    }

    /** The words of the selection, unless the record has more exact ones. */
    get label() {
        const { labelField, record } = this.props;
        if (labelField && record.data[labelField]) {
            return record.data[labelField];
        }
        return this.labelOf(this.value);
    }

    labelOf(status) {
        const { selection } = this.props.record.fields[this.props.name];
        return selection.find(([value]) => value === status)?.[1] || "";
    }

    get mark() {
        const [icon, color] = STATUS_MARKS[`${this.props.name}.${this.value}`] ||
            STATUS_MARKS[this.value] || ["circle-o", "grey"];
        return { icon, color };
    }

    get tooltip() {
        const { record, tooltipField, tooltipOnHover } = this.props;
        if (tooltipOnHover) {
            return this.hover.text;
        }
        return (tooltipField && record.data[tooltipField]) || "";
    }
}

export const statusField = {
    component: StatusField,
    displayName: _t("QuickBooks status"),
    supportedTypes: ["selection"],
    supportedOptions: [
        {
            label: _t("Field with the explanation"),
            name: "tooltip_field",
            type: "field",
            availableTypes: ["char"],
        },
        {
            label: _t("Field with more exact words"),
            name: "label_field",
            type: "field",
            availableTypes: ["char"],
        },
        {
            label: _t("Read the explanation when the badge is pointed at"),
            name: "tooltip_on_hover",
            type: "boolean",
        },
    ],
    fieldDependencies: ({ options }) =>
        [!options.tooltip_on_hover && options.tooltip_field, options.label_field]
            .filter(Boolean)
            .map((name) => ({ name, type: "char" })),
    extractProps: ({ options }) => ({
        tooltipField: options.tooltip_field,
        tooltipOnHover: Boolean(options.tooltip_on_hover),
        labelField: options.label_field,
    }),
};

registry.category("fields").add("qbo_status", statusField);
