package comfyserverless.admin.target;

import comfyserverless.admin.report.Refusal;
import comfyserverless.aws.SettingsFile;
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
import java.util.Optional;

/// A running local stack, which may read its models from a folder and not from a bucket.
record LocalDeployment(Deployment stores, SettingsFile.OwnWays own) implements Deployment {
    @Override
    public String name() {
        return stores.name();
    }

    @Override
    public Credentials credentials() {
        return stores.credentials();
    }

    @Override
    public Ports ports() {
        return stores.ports();
    }

    /// A folder of models is the user's own, and stays.
    @Override
    public Removal removal(Removal.Sleep sleep) {
        return own.modelsFolder() == null
                ? stores.removal(sleep)
                : stores.ports().removal(Optional.empty(), sleep);
    }

    @Override
    public ModelStore models() {
        requireBucket();
        return stores.models();
    }

    @Override
    public ModelIndex modelIndex() {
        requireBucket();
        return stores.modelIndex();
    }

    @Override
    public ModelScan modelScan() {
        requireBucket();
        return stores.modelScan();
    }

    @Override
    public WebhookSettings webhookSettings() {
        return stores.webhookSettings();
    }

    @Override
    public Deliveries deliveries() {
        return stores.deliveries();
    }

    @Override
    public Replays replays() {
        return stores.replays();
    }

    /// This machine too, where the stack was started so.
    @Override
    public WebhookAddresses webhookAddresses() {
        return new WebhookAddresses(own.webhookLoopback());
    }

    private void requireBucket() {
        if (own.modelsFolder() != null) {
            throw new Refusal(
                    "This local stack reads its models from "
                            + own.modelsFolder()
                            + ": put files there, or take them away; it lists them at once.");
        }
    }

    @Override
    public void close() {
        stores.close();
    }
}
