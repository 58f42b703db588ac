package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.catalogue.CataloguesContract;
import comfyserverless.contract.job.JobSettings;
import java.time.Clock;

class InMemoryCataloguesTest extends CataloguesContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Ports ports(JobSettings settings) {
        return new InMemoryPorts(clock, settings).ports();
    }

    @Override
    protected Clock clock() {
        return clock;
    }
}
