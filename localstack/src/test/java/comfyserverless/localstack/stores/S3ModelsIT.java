package comfyserverless.localstack.stores;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.model.ModelsContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class S3ModelsIT extends ModelsContract {
    private final EmbeddedModels bucket = new EmbeddedModels("models-" + UUID.randomUUID());

    @TempDir private static Path cache;

    @Override
    protected Models holding(Map<String, byte[]> files) {
        return bucket.with(blobs ->
                        files.forEach((path, bytes) -> blobs.put("_shared/" + path, bytes)))
                .models(cache.resolve(UUID.randomUUID().toString()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void shared_models_and_the_tenants_own_are_listed_together() {
        Models models =
                bucket.with(
                                blobs -> {
                                    blobs.put("_shared/checkpoints/b.safetensors", bytes("shared"));
                                    blobs.put("_shared/checkpoints/c.safetensors", bytes("shared"));
                                    blobs.put("mine/checkpoints/a.safetensors", bytes("own"));
                                    blobs.put("mine/checkpoints/c.safetensors", bytes("my c"));
                                })
                        .models(cache.resolve("tenants"));
        assertThat(models.list("mine", "checkpoints"))
                .extracting(ModelFile::name)
                .containsExactly("a.safetensors", "b.safetensors", "c.safetensors");
        assertThat(models.list("other", "checkpoints"))
                .extracting(ModelFile::name)
                .containsExactly("b.safetensors", "c.safetensors");
        ModelFile own = models.find("mine", "checkpoints", "c.safetensors").orElseThrow();
        assertThat(models.local("mine", own, (fetched, of) -> {})).hasContent("my c");
        ModelFile shared = models.find("other", "checkpoints", "c.safetensors").orElseThrow();
        assertThat(models.local("other", shared, (fetched, of) -> {})).hasContent("shared");
    }

    @Test
    void a_file_is_fetched_once() {
        Models models = holding(Map.of("vae/a.safetensors", bytes("0123456789")));
        ModelFile file = models.find("mine", "vae", "a.safetensors").orElseThrow();
        List<Long> progress = new ArrayList<>();
        Path local = models.local("mine", file, (fetched, of) -> progress.add(fetched));
        assertThat(progress).endsWith(10L);
        assertThat(models.local("mine", file, (fetched, of) -> progress.add(-1L))).isEqualTo(local);
        assertThat(progress).doesNotContain(-1L);
    }

    @Test
    void of_fetched_files_the_one_used_longest_ago_goes_first() {
        Models models =
                bucket.with(
                                blobs -> {
                                    for (String name : List.of("a", "b", "c")) {
                                        blobs.put(
                                                "_shared/vae/" + name + ".safetensors",
                                                bytes("0123456789"));
                                    }
                                })
                        .models(cache.resolve("bounded"), 25);
        Path a = fetched(models, "a");
        Path b = fetched(models, "b");
        fetched(models, "a");
        Path c = fetched(models, "c");
        assertThat(a).exists();
        assertThat(b).doesNotExist();
        assertThat(c).exists();
    }

    private static Path fetched(Models models, String name) {
        ModelFile file = models.find("mine", "vae", name + ".safetensors").orElseThrow();
        return models.local("mine", file, (fetched, of) -> {});
    }
}
