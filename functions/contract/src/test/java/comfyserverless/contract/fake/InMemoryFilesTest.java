package comfyserverless.contract.fake;

import comfyserverless.contract.Ports;
import comfyserverless.contract.file.FilesContract;
import comfyserverless.contract.job.JobSettings;

class InMemoryFilesTest extends FilesContract {
    @Override
    protected Ports ports(JobSettings settings) {
        return new InMemoryPorts(new ManualClock(), settings).ports();
    }
}
