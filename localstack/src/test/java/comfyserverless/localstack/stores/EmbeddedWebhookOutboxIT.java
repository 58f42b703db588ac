package comfyserverless.localstack.stores;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.WebhookOutboxContract;

class EmbeddedWebhookOutboxIT extends WebhookOutboxContract {
    @Override
    protected Ports ports(JobSettings settings) {
        return EmbeddedStores.open(settings, clock).ports();
    }
}
