package comfyserverless.localstack.stores;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.file.UserFilesContract;
import comfyserverless.contract.job.JobSettings;

class EmbeddedUserFilesIT extends UserFilesContract {
    private final ManualClock clock = new ManualClock();

    @Override
    protected Ports ports(JobSettings settings) {
        return EmbeddedStores.open(settings, clock).ports();
    }
}
