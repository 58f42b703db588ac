package comfyserverless.admin.target;

import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelScan;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.tenant.Removal;
import comfyserverless.contract.webhook.Deliveries;
import comfyserverless.contract.webhook.Replays;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.contract.webhook.WebhookSettings;

/// The ports of the deployment that commands are about.
public interface Deployment extends AutoCloseable {
    /// Says which one it is, in a message.
    String name();

    Credentials credentials();

    /// Tenants, with their jobs and files.
    Ports ports();

    /// Deletes tenants.
    ///
    /// @param sleep lets time pass
    Removal removal(Removal.Sleep sleep);

    ModelStore models();

    ModelIndex modelIndex();

    ModelScan modelScan();

    /// What tenants set for their webhooks.
    WebhookSettings webhookSettings();

    /// The record of calls to webhooks.
    Deliveries deliveries();

    /// Makes calls again.
    Replays replays();

    /// Which addresses its webhooks may call.
    WebhookAddresses webhookAddresses();

    @Override
    void close();
}
