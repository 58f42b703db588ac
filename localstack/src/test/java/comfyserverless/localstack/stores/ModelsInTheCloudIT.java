package comfyserverless.localstack.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.aws.Aws;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.StoredModel;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The functions' lists of models, as the cloud has them: an index, the bucket behind it, what a request costs.
class ModelsInTheCloudIT {
    private static final String CHECKPOINT = "/CheckpointLoaderSimple/input/required/ckpt_name/0";

    @TempDir private static Path scratch;

    private final String id = UUID.randomUUID().toString();
    private final String tenant = "t-" + id;
    private final ManualClock clock = new ManualClock(Instant.now());
    private final CallCounter calls = new CallCounter();
    private final Aws aws = EmbeddedStores.open(SampleJobs.settings(id), clock, calls);
    private final HttpOverStores http =
            HttpOverStores.inTheCloud(aws, tenant, clock, scratch.resolve(id));

    @BeforeEach
    void publish_nodes() {
        Catalogue nodes =
                Catalogue.of(
                        List.of(
                                NodeDefinition.of("CheckpointLoaderSimple", "loaders")
                                        .required("ckpt_name", InputSpec.modelFile("checkpoints"))
                                        .build(),
                                NodeDefinition.of("LoraLoader", "loaders")
                                        .required("lora_name", InputSpec.modelFile("loras"))
                                        .build(),
                                NodeDefinition.of("LoadImage", "image")
                                        .required("image", InputSpec.inputFile("image"))
                                        .build()));
        aws.ports().catalogues().publish(nodes.digest(), nodes.gzip());
    }

    private StoredModel pushed(String owner, String name) {
        ModelStore.Place place = new ModelStore.Place(owner, "checkpoints", name);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        ModelStore.Upload upload = aws.modelStore().upload(place, bytes.length);
        upload.put(1, bytes);
        return upload.complete();
    }

    private void list(String owner, StoredModel file) {
        aws.modelIndex().put(owner, file, () -> aws.modelStore().list(owner));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    void object_info_makes_two_calls_however_long_ago_the_last_one_was() {
        aws.modelScan().run();
        http.get("/object_info");
        for (Duration pause : List.of(Duration.ofSeconds(2), Duration.ofSeconds(60))) {
            clock.advance(pause);
            learnsLimits();
            calls.taken();
            http.get("/object_info");
            assertThat(calls.taken())
                    .as("catalogue and lists of models; inputs")
                    .isEqualTo(Map.of("BatchGetItem", 1, "Query", 1));
            http.get("/models/checkpoints");
            http.get("/experiment/models/loras");
            assertThat(calls.taken()).isEmpty();
        }
    }

    /// Any request reads its tenant's limits, once in half a minute.
    private void learnsLimits() {
        http.get("/features");
    }

    @Test
    void a_pushed_model_is_in_every_list_a_second_later() {
        aws.modelScan().run();
        String shared = "shared-" + id + ".safetensors";
        http.get("/object_info");
        list(tenant, pushed(tenant, "mine.safetensors"));
        list(ModelIndex.SHARED, pushed(ModelIndex.SHARED, shared));
        clock.advance(Duration.ofSeconds(1));
        assertThat(texts(http.get("/models/checkpoints"))).contains("mine.safetensors", shared);
        assertThat(texts(http.get("/object_info").at(CHECKPOINT)))
                .contains("mine.safetensors", shared);
        HttpOverStores other =
                HttpOverStores.inTheCloud(aws, "other-" + id, clock, scratch.resolve("other"));
        assertThat(texts(other.get("/models/checkpoints")))
                .contains(shared)
                .doesNotContain("mine.safetensors");
    }

    @Test
    void what_was_put_into_the_bucket_by_hand_is_found_by_the_next_scan() {
        aws.modelScan().run();
        pushed(tenant, "by-hand.safetensors");
        clock.advance(Duration.ofSeconds(1));
        assertThat(texts(http.get("/models/checkpoints"))).doesNotContain("by-hand.safetensors");
        assertThat(aws.modelScan().run()).containsExactly(tenant);
        clock.advance(Duration.ofSeconds(1));
        assertThat(texts(http.get("/models/checkpoints"))).contains("by-hand.safetensors");
        aws.modelStore().delete(new ModelStore.Place(tenant, "checkpoints", "by-hand.safetensors"));
        aws.modelScan().run();
        clock.advance(Duration.ofSeconds(1));
        assertThat(texts(http.get("/models/checkpoints"))).doesNotContain("by-hand.safetensors");
    }
}
