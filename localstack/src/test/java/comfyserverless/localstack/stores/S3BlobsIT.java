package comfyserverless.localstack.stores;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.blob.BlobsContract;
import comfyserverless.contract.job.JobSettings;
import java.time.Clock;

class S3BlobsIT extends BlobsContract {
    @Override
    protected Blobs blobs() {
        return EmbeddedStores.open(JobSettings.standard(), Clock.systemUTC()).stores().blobs();
    }
}
