package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.JobUsageContract;

class InMemoryJobUsageTest extends JobUsageContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Ports ports(JobSettings settings) {
        return new InMemoryPorts(clock, settings).ports();
    }

    @Override
    protected ManualClock clock() {
        return clock;
    }
}
