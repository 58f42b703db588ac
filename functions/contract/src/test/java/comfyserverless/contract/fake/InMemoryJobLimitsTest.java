package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobLimitsContract;
import comfyserverless.contract.job.JobSettings;

class InMemoryJobLimitsTest extends JobLimitsContract {
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
