import { registry } from "@web/core/registry";
import { ListWithSentenceController } from "./list_with_sentence";
import { listView } from "@web/views/list/list_view";

/**
 * Match Customers: what is saved says which customer of QuickBooks each row showed. A
 * decision holds for that one, whoever has chosen another meanwhile.
 */
export class MatchModel extends listView.Model {
    setup() {
        super.setup(...arguments);
        const { orm } = this;
        this.orm = Object.assign(Object.create(orm), {
            webSave: (resModel, ids, values, kwargs) =>
                orm.webSave(resModel, ids, values, {
                    ...kwargs,
                    context: { ...kwargs.context, qbo_shown: this.shownOf(ids) },
                }),
        });
    }

    /** Return the ids of the shown customers of QuickBooks, by the id of the row. */
    shownOf(ids) {
        return Object.fromEntries(
            this.root.records
                .filter((record) => ids.includes(record.resId))
                .map(({ data, resId }) => [resId, data.reference_id.id || false])
        );
    }
}

registry.category("views").add("qbo_match_list", {
    ...listView,
    Controller: ListWithSentenceController,
    Model: MatchModel,
});
