package comfyserverless.localstack.stores;

import comfyserverless.contract.Ports;
import comfyserverless.contract.catalogue.CataloguesContract;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
import java.time.Clock;

class EmbeddedCataloguesIT extends CataloguesContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Ports ports(JobSettings settings) {
        return EmbeddedStores.open(settings, clock).ports();
    }

    @Override
    protected Clock clock() {
        return clock;
    }
}
