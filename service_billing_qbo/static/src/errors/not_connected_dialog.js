import { onWillStart, useState } from "@odoo/owl";
import { odooExceptionTitleMap, WarningDialog } from "@web/core/errors/error_dialogs";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";

const EXCEPTIONS = "odoo.addons.service_billing_qbo.models.qbo_exceptions";
const CONFIGURATION = "service_billing_qbo.qbo_connection_action_configuration";

/** "The QuickBooks account is not connected": with the way to mend it, for those who may. */
export class NotConnectedDialog extends WarningDialog {
    static template = "service_billing_qbo.NotConnectedDialog";

    setup() {
        super.setup();
        this.action = useService("action");
        this.state = useState({ mayConnect: false });
        onWillStart(async () => {
            this.state.mayConnect =
                !this.isOnConfiguration &&
                (await user.hasGroup("service_billing_qbo.group_administrator"));
        });
    }

    /** Whether its button would lead to where one stands. */
    get isOnConfiguration() {
        const { action, view } = this.action.currentController || {};
        return action?.res_model === "qbo.connection" && view?.type === "form";
    }

    async onConfiguration() {
        this.props.close();
        await this.action.doAction(CONFIGURATION);
    }
}

odooExceptionTitleMap.set(`${EXCEPTIONS}.NotConnected`, _t("This needs QuickBooks"));
odooExceptionTitleMap.set(`${EXCEPTIONS}.NotConfirmed`, _t("Confirm the QuickBooks company"));
odooExceptionTitleMap.set(`${EXCEPTIONS}.ListsBusy`, _t("Please wait"));
registry
    .category("error_dialogs")
    .add(`${EXCEPTIONS}.NotConnected`, NotConnectedDialog)
    .add(`${EXCEPTIONS}.NotConfirmed`, NotConnectedDialog)
    .add(`${EXCEPTIONS}.ListsBusy`, WarningDialog);
