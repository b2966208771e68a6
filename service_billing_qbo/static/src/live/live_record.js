/**
 * Views that show a changed record read it again, without the user's doing.
 *
 * The server says which records changed (`service_billing_qbo/changed`, see
 * models/qbo_live.py). Only the components of this addon listen, so that no
 * view of Odoo is patched. Where the websocket is down, a view is read again
 * when the user comes back to its window.
 */
import { onMounted, onWillUnmount, useComponent, useExternalListener } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";

export const CHANGED = "service_billing_qbo/changed";
const RELOAD_AFTER_MS = 1000;
const LOOK_AGAIN_AFTER_MS = 5000;
const REMEMBERED_MS = 10000;

/** Remembers for seconds what changed, for views that were being read at that time. */
export const changesService = {
    dependencies: ["bus_service"],
    start(env, { bus_service: bus }) {
        const changes = new Map();
        bus.subscribe(CHANGED, ({ model, ids }) => {
            const now = Date.now();
            for (const [key, at] of changes) {
                if (now - at > REMEMBERED_MS) {
                    changes.delete(key);
                }
            }
            for (const id of ids) {
                changes.set(`${model},${id}`, now);
            }
        });
        return {
            changedAt: ({ resModel, resId }) => changes.get(`${resModel},${resId}`) || 0,
        };
    },
};
registry.category("services").add("service_billing_qbo.changes", changesService);

/**
 * Models that wait for their reload, with who asked for it: the eighty rows of one list
 * reload once.
 */
const waiting = new WeakMap();

/** When a form was read again because of what came on screen in it, by its model. */
const lookedAt = new WeakMap();

/** When a view was read again here, by its model; its first reading is not known. */
const readAt = new WeakMap();

async function hasUnsavedEdits(root) {
    if (root.isDirty) {
        return root.isDirty();
    }
    return Boolean(root.editedRecord);
}

/**
 * Read the whole view of a record again, at most once a second, unless the
 * user has unsaved edits in it or has closed it meanwhile.
 *
 * @param {import("@web/model/relational_model/record").Record} record
 * @param {() => boolean} isShown whether the asking component is still on screen
 */
function reloadSoon(record, isShown) {
    const { model } = record;
    if (waiting.has(model)) {
        waiting.get(model).add(isShown);
        return;
    }
    waiting.set(model, new Set([isShown]));
    browser.setTimeout(async () => {
        const askers = [...waiting.get(model)];
        waiting.delete(model);
        if (!askers.some((isStillShown) => isStillShown())) {
            return;
        }
        if (!(await hasUnsavedEdits(model.root))) {
            readAt.set(model, Date.now());
            await model.root.load();
        }
    }, RELOAD_AFTER_MS);
}

/**
 * Read a form again for a component that has just come on screen: what changed after
 * the form was read and before anybody listened (on a tab that was closed) was missed.
 *
 * Never in quick succession, should reading make the component anew.
 */
function lookAgain(record, isShown) {
    const { model } = record;
    const now = Date.now();
    if (model.root !== record || now - (lookedAt.get(model) || 0) < LOOK_AGAIN_AFTER_MS) {
        return;
    }
    lookedAt.set(model, now);
    reloadSoon(record, isShown);
}

/**
 * Keep the view of `props.record` true to the server while the component is
 * on screen.
 *
 * @param {() => boolean} [isPending] whether what is shown will change by itself
 */
export function useLiveRecord(isPending = () => false) {
    const component = useComponent();
    const bus = useService("bus_service");
    const changes = useService("service_billing_qbo.changes");
    let mounted = false;
    const onChanged = ({ model, ids }) => {
        const { record } = component.props;
        if (record.resModel === model && ids.includes(record.resId)) {
            reload();
        }
    };
    const reload = () => {
        if (mounted && component.props.record.resId) {
            reloadSoon(component.props.record, () => mounted);
        }
    };
    onMounted(() => {
        mounted = true;
        bus.subscribe(CHANGED, onChanged);
        bus.start();
        const { record } = component.props;
        // Who asked may be gone since the list was read, perhaps a moment too early.
        waiting.get(record.model)?.add(() => mounted);
        if (changes.changedAt(record) > (readAt.get(record.model) || 0)) {
            reload();
        }
        if (record.resId && isPending()) {
            lookAgain(record, () => mounted);
        }
    });
    onWillUnmount(() => {
        mounted = false;
        bus.unsubscribe(CHANGED, onChanged);
    });
    useExternalListener(window, "focus", () => {
        if (bus.workerState !== "CONNECTED") {
            reload();
        }
    });
    return { reload };
}
