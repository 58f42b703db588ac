package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.file.UserFilesContract;
import comfyserverless.contract.job.JobSettings;

class InMemoryUserFilesTest extends UserFilesContract {
    @Override
    protected Ports ports(JobSettings settings) {
        return new InMemoryPorts(new ManualClock(), settings).ports();
    }
}
