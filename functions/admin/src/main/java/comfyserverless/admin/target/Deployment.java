package comfyserverless.admin.target;

import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelScan;
import comfyserverless.contract.model.ModelStore;

/// The ports of the deployment that commands are about.
public interface Deployment extends AutoCloseable {
    /// Says which one it is, in a message.
    String name();

    Credentials credentials();

    ModelStore models();

    ModelIndex modelIndex();

    ModelScan modelScan();

    @Override
    void close();
}
