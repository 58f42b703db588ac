package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.JobsContract;

class InMemoryJobsTest extends JobsContract {
    @Override
    protected Ports ports(JobSettings settings) {
        return new InMemoryPorts(new ManualClock(), settings).ports();
    }
}
