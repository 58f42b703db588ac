package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.job.ClaimsContract;
import comfyserverless.contract.job.JobSettings;
import java.time.Clock;
import java.time.Duration;

class InMemoryClaimsTest extends ClaimsContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Ports ports(JobSettings settings) {
        return new InMemoryPorts(clock, settings).ports();
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
