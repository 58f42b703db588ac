package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.webhook.WebhookSettingsContract;

class InMemoryWebhookSettingsTest extends WebhookSettingsContract {
    @Override
    protected Ports ports(JobSettings settings) {
        return new InMemoryPorts(clock, settings).ports();
    }
}
