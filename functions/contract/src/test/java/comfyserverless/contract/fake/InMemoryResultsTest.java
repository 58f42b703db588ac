package comfyserverless.contract.fake;

import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.result.Results;
import comfyserverless.contract.result.ResultsContract;
import java.time.Clock;

class InMemoryResultsTest extends ResultsContract {
    private final InMemoryPorts ports =
            new InMemoryPorts(Clock.systemUTC(), JobSettings.standard());

    @Override
    protected Results results(long limit) {
        return ports.results(limit);
    }
}
