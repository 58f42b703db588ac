package comfyserverless.localstack.stores;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.file.FilesContract;
import comfyserverless.contract.job.JobSettings;

class EmbeddedFilesIT extends FilesContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Ports ports(JobSettings settings) {
        return EmbeddedStores.open(settings, clock).ports();
    }
}
