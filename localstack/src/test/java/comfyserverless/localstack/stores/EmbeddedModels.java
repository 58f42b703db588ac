package comfyserverless.localstack.stores;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.Ports;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.model.Models;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/// A models bucket in the embedded S3, with a table of its own for its index: filled by a port to it as if it were the
/// bucket of files.
final class EmbeddedModels {
    private final AwsSettings settings;

    /// @param bucket its name
    EmbeddedModels(String bucket) {
        AwsSettings shared = EmbeddedStores.settings(bucket + "-tickets");
        AwsSettings.Names names = shared.names();
        settings =
                new AwsSettings(
                        shared.region(),
                        shared.endpoints(),
                        new AwsSettings.Names(bucket, bucket, bucket, names.queueUrl()),
                        shared.access(),
                        false);
    }

    private Aws open() {
        Aws aws =
                Aws.open(
                        settings,
                        JobSettings.standard(),
                        new Ports.Chance(Clock.systemUTC(), () -> "id", round -> {}),
                        List.of());
        aws.createStores();
        return aws;
    }

    /// Puts objects: `_shared/{folder}/{name}` or `{tenant}/{folder}/{name}`.
    EmbeddedModels with(Consumer<Blobs> objects) {
        try (Aws aws = open()) {
            objects.accept(aws.stores().blobs());
        }
        return this;
    }

    /// @param cache where fetched files lie
    Models models(Path cache) {
        return open().models(cache);
    }

    /// @param mostBytes what the fetched files may take together
    Models models(Path cache, long mostBytes) {
        return open().models(cache, mostBytes);
    }
}
