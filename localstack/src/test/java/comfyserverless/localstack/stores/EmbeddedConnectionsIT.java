package comfyserverless.localstack.stores;

import comfyserverless.contract.Ports;
import comfyserverless.contract.event.ConnectionsContract;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;

class EmbeddedConnectionsIT extends ConnectionsContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Ports ports(JobSettings settings) {
        return EmbeddedStores.open(settings, clock).ports();
    }
}
