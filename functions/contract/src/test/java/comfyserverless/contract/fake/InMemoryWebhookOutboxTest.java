package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.WebhookOutboxContract;

class InMemoryWebhookOutboxTest extends WebhookOutboxContract {
    @Override
    protected Ports ports(JobSettings settings) {
        return new InMemoryPorts(clock, settings).ports();
    }
}
