package comfyserverless.localstack.stores;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.webhook.WebhookSettingsContract;

class EmbeddedWebhookSettingsIT extends WebhookSettingsContract {
    @Override
    protected Ports ports(JobSettings settings) {
        return EmbeddedStores.open(settings, clock).ports();
    }
}
