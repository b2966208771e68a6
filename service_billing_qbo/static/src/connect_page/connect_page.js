/**
 * Our page in the window that came back from Intuit: tells Odoo's windows, drops the
 * used code from the address, and closes itself when asked. A plain script: the page
 * is no part of the web client.
 */
(function () {
    const CHANNEL = "service_billing_qbo";
    const kind = document.body.querySelector("[data-qbo-page]").dataset.qboPage;
    const news = { type: "service_billing_qbo/connection", kind };

    const channel = new BroadcastChannel(CHANNEL);
    channel.postMessage(news);
    channel.close();
    if (window.opener) {
        window.opener.postMessage(news, window.location.origin);
    }

    if (window.location.search) {
        window.history.replaceState(null, "", window.location.pathname);
    }

    for (const button of document.querySelectorAll("[data-qbo-close]")) {
        button.addEventListener("click", () => {
            window.close();
            // A tab that no script opened stays: it goes on to the configuration.
            window.location.assign(button.dataset.qboClose);
        });
    }
})();
