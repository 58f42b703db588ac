package comfyserverless.contract.fake;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.blob.BlobsContract;

class InMemoryBlobsTest extends BlobsContract {
    @Override
    protected Blobs blobs() {
        return new InMemoryBlobs();
    }
}
