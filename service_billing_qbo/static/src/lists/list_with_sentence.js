import { useState } from "@odoo/owl";
import { ListController } from "@web/views/list/list_controller";

/** A list with a sentence above it, which its model says: `list_sentence()`. */
export class ListWithSentenceController extends ListController {
    static template = "service_billing_qbo.ListWithSentence";

    setup() {
        this.sentence = useState({ text: "" });
        super.setup();
    }

    get modelParams() {
        const params = super.modelParams;
        // The rows do not wait for it.
        params.hooks.onRootLoaded = () => {
            this.readSentence();
        };
        return params;
    }

    async readSentence() {
        this.sentence.text = await this.orm.silent.call(
            this.props.resModel,
            "list_sentence",
            []
        );
    }
}
