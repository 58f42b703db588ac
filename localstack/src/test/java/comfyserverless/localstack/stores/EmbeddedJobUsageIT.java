package comfyserverless.localstack.stores;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.JobUsageContract;

class EmbeddedJobUsageIT extends JobUsageContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Ports ports(JobSettings settings) {
        return EmbeddedStores.open(settings, clock).ports();
    }

    @Override
    protected ManualClock clock() {
        return clock;
    }
}
