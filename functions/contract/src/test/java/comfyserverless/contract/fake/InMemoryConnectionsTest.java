package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.event.ConnectionsContract;
import comfyserverless.contract.job.JobSettings;

class InMemoryConnectionsTest extends ConnectionsContract {
    @Override
    protected Ports ports(JobSettings settings) {
        return new InMemoryPorts(new ManualClock(), settings).ports();
    }
}
