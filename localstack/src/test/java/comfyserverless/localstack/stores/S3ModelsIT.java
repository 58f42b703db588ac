package comfyserverless.localstack.stores;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.Ports;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ModelsIT {
    private final AwsSettings settings = EmbeddedStores.settings("models-tickets");

    /// Ports whose files bucket is the models bucket, to put models there.
    private Aws upload() {
        AwsSettings.Names names = settings.names();
        String bucket = names.modelsBucket();
        AwsSettings swapped =
                new AwsSettings(
                        settings.region(),
                        settings.endpoints(),
                        new AwsSettings.Names(names.table(), bucket, bucket, names.queueUrl()),
                        settings.access(),
                        false);
        Aws aws =
                Aws.open(
                        swapped,
                        JobSettings.standard(),
                        new Ports.Chance(Clock.systemUTC(), () -> "id", round -> {}),
                        List.of());
        aws.createStores();
        return aws;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shared_models_and_the_tenants_own_are_listed_read_and_fetched_once(@TempDir Path cache)
            throws IOException {
        try (Aws aws = upload()) {
            var blobs = aws.stores().blobs();
            blobs.put("_shared/checkpoints/b.safetensors", bytes("0123456789"));
            blobs.put("_shared/checkpoints/sub/c.ckpt", bytes("c"));
            blobs.put("_shared/checkpoints/readme.txt", bytes("no"));
            blobs.put("mine/checkpoints/a.safetensors", bytes("own"));
        }
        try (Aws aws = EmbeddedStores.open(JobSettings.standard(), Clock.systemUTC())) {
            Models models = aws.models(cache);
            assertThat(models.list("mine", "checkpoints"))
                    .extracting(ModelFile::name)
                    .containsExactly("a.safetensors", "b.safetensors", "sub/c.ckpt");
            assertThat(models.list("other", "checkpoints"))
                    .extracting(ModelFile::name)
                    .containsExactly("b.safetensors", "sub/c.ckpt");
            assertThat(models.list("mine", "unknown")).isEmpty();

            ModelFile file = models.find("mine", "checkpoints", "b.safetensors").orElseThrow();
            try (InputStream part = models.read("mine", file, 2, 3)) {
                assertThat(part.readAllBytes()).isEqualTo(bytes("234"));
            }
            List<Long> progress = new ArrayList<>();
            Path local = models.local("mine", file, (fetched, of) -> progress.add(fetched));
            assertThat(Files.readAllBytes(local)).isEqualTo(bytes("0123456789"));
            assertThat(progress).endsWith(10L);
            assertThat(models.local("mine", file, (fetched, of) -> progress.add(-1L)))
                    .isEqualTo(local);
            assertThat(progress).doesNotContain(-1L);
        }
    }
}
