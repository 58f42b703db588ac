package comfyserverless.localstack.stores;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.ClaimsContract;
import comfyserverless.contract.job.JobSettings;
import java.time.Clock;
import java.time.Duration;

class EmbeddedClaimsIT extends ClaimsContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Ports ports(JobSettings settings) {
        return EmbeddedStores.open(settings, clock).ports();
    }

    @Override
    protected Clock clock() {
        return clock;
    }

    @Override
    protected void advance(Duration by) {
        clock.advance(by);
    }
}
