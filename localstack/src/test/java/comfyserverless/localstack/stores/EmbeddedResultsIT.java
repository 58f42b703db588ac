package comfyserverless.localstack.stores;

import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.result.Results;
import comfyserverless.contract.result.ResultsContract;

class EmbeddedResultsIT extends ResultsContract {
    @Override
    protected Results results(long limit) {
        return EmbeddedStores.open(JobSettings.standard(), new ManualClock())
                .ports()
                .results(limit);
    }
}
