package comfyserverless.localstack.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.aws.Aws;
import comfyserverless.aws.SettingsFile;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Query;
import comfyserverless.localstack.stack.StackProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// R2: of the stores' calls 5 % are refused, 5 % have no answer though they did their work, 2 % are late by 2 s and 2 %
/// of the writes meet a transaction; clients ask again with the same id until they have an answer.
/// `-Dfaults.prompts=N` makes it longer.
class FaultyStoresIT {
    private static final int PROMPTS = Integer.getInteger("faults.prompts", 25);
    private static final long SEED = Long.getLong("faults.seed", 11);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path MODULE = Path.of("").toAbsolutePath();

    @Test
    void every_prompt_ends_once_and_no_runner_forgets_its_job(@TempDir Path folder)
            throws Exception {
        try (StackProcess stack = new StackProcess(folder)) {
            stack.start(MODULE, Map.of(), "--runners", "3", "--faults", Long.toString(SEED));
            await().atMost(PATIENCE).until(() -> stack.get("/object_info/SaveImage").isPresent());
            List<String> ids = new ArrayList<>();
            Random random = new Random(SEED);
            for (int i = 0; i < PROMPTS; i++) {
                String id = new UUID(random.nextLong(), random.nextLong()).toString();
                ids.add(id);
                ObjectNode body = NapGraph.still(i).put("prompt_id", id);
                JsonNode answer =
                        await().atMost(PATIENCE)
                                .until(() -> stack.post("/prompt", body), a -> a.isPresent())
                                .orElseThrow();
                assertThat(answer.path("prompt_id").asText()).isEqualTo(id);
                // as a client does that heard nothing
                assertThat(stack.post("/prompt", body).map(again -> again.path("number")))
                        .satisfiesAnyOf(
                                again -> assertThat(again).contains(answer.path("number")),
                                again -> assertThat(again).isEmpty());
            }
            for (String id : ids) {
                await().atMost(PATIENCE)
                        .until(() -> stack.get("/history/" + id).map(a -> a.has(id)).orElse(false));
            }
            check(folder, ids);
        }
    }

    private static void check(Path folder, List<String> ids) throws IOException {
        Path settings = folder.resolve("data").resolve(SettingsFile.NAME);
        SettingsFile.Found found = SettingsFile.read(settings).orElseThrow();
        try (Aws aws = Aws.open(found.settings(), JobSettings.standard())) {
            List<Item> jobs =
                    await().atMost(PATIENCE)
                            .ignoreExceptions()
                            .until(
                                    () ->
                                            aws.stores()
                                                    .table()
                                                    .all(Query.of("Q#default", Index.MAIN)),
                                    all -> !all.isEmpty());
            assertThat(jobs).hasSize(ids.size());
            assertThat(jobs)
                    .allSatisfy(job -> {
                        assertThat(job.text("st")).as("state of %s", job).isEqualTo("S");
                        assertThat(job.wholeOr("tries", 0)).as("lost leases of %s", job).isZero();
                    });
        }
    }
}
