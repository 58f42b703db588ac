package comfyserverless.contract.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.event.JobLog;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Pulse;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// All that a tenant has, taken out and removed, on whatever stores.
public abstract class TenantDataContract {
    private static final List<String> PREFIXES = List.of("b", "c", "d", "f", "o", "t", "u");

    private final String run = UUID.randomUUID().toString();
    private final String tenant = "t-" + run;

    /// Its name begins with the other's.
    private final String neighbour = tenant + "-2";

    private Ports ports;
    private Removal.Models models;
    private Furnished.Some some;

    protected abstract Ports ports(JobSettings settings);

    protected abstract Removal.Models models();

    /// Where the models' lists lie.
    protected abstract Blobs lists();

    protected abstract ManualClock clock();

    @BeforeEach
    void furnish(@TempDir Path folder) throws IOException {
        ports = ports(SampleJobs.settings("pool-" + run).withParallelPerClient(true));
        models = models();
        Furnished furnished = new Furnished(ports, models, clock().instant());
        some = furnished.furnish(tenant, folder);
        furnished.furnish(neighbour, folder);
    }

    private Table table() {
        return ports.stores().table();
    }

    private boolean concerns(Item item, String whom) {
        String other = whom.equals(tenant) ? neighbour : "#";
        String text = (item.key() + " " + item.values()).replace(other, "");
        return text.contains(whom);
    }

    private Map<Key, Item> itemsOf(String whom) {
        Map<Key, Item> items = new LinkedHashMap<>();
        table().scan(item -> {
            if (concerns(item, whom)) {
                items.put(item.key(), item);
            }
        });
        return items;
    }

    private List<String> objectsOf(String whom) {
        List<String> keys = new ArrayList<>();
        for (String kind : PREFIXES) {
            keys.addAll(ports.stores().blobs().keys(kind + "/" + whom + "/"));
        }
        models.store().list(whom).forEach(file -> keys.add(file.path()));
        keys.addAll(lists().keys("_index/" + whom + "/"));
        return keys;
    }

    private Removal removal() {
        return ports.removal(Optional.of(models), clock()::advance);
    }

    @Test
    void nothing_is_left_of_a_removed_tenant_and_all_of_its_neighbour() {
        Map<Key, Item> kept = itemsOf(neighbour);
        List<String> objects = objectsOf(neighbour);
        assertThat(itemsOf(tenant)).hasSizeGreaterThan(29).hasSameSizeAs(kept);
        assertThat(objectsOf(tenant)).hasSizeGreaterThan(8);
        List<String> uploads = ports.stores().blobs().keys("quarantine/");
        List<Long> removed = new ArrayList<>();
        removal().close(tenant);
        removal().remove(tenant, (items, gone) -> removed.add(items + gone));
        assertThat(itemsOf(tenant)).isEmpty();
        assertThat(objectsOf(tenant)).isEmpty();
        assertThat(ports.stores().blobs().keys("quarantine/")).hasSize(uploads.size() - 1);
        assertThat(itemsOf(neighbour)).isEqualTo(kept);
        assertThat(objectsOf(neighbour)).isEqualTo(objects);
        assertThat(removed).isSorted().last().matches(count -> count > 35);
    }

    @Test
    void a_closed_tenant_has_no_keys_any_more() {
        Credentials credentials = ports.credentials(() -> run);
        assertThat(credentials.find(Credentials.Kind.KEY, some.secret())).isPresent();
        removal().close(tenant);
        assertThat(credentials.find(Credentials.Kind.KEY, some.secret())).isEmpty();
        assertThat(ports.accounts().find(tenant).orElseThrow().closing()).isTrue();
        assertThat(ports.accounts().find(neighbour).orElseThrow().closing()).isFalse();
    }

    @Test
    void closing_empties_the_queue_and_asks_what_runs_to_stop() {
        removal().close(tenant);
        assertThat(ports.jobs().queue(tenant).pending()).isEmpty();
        assertThat(ports.claims().look(some.running())).isEqualTo(new Pulse.Held(true));
        clock().advance(Accounts.TRUSTED);
        assertThat(ports.accounts().isClosing(tenant)).isTrue();
        assertThat(ports.jobs().queue(neighbour).pending()).hasSize(1);
        assertThat(ports.accounts().isClosing(neighbour)).isFalse();
    }

    @Test
    void a_removal_waits_for_keys_jobs_and_sockets() {
        removal().close(tenant);
        Instant closed = clock().instant();
        List<Removal.Holding> told = new ArrayList<>();
        removal()
                .settle(
                        tenant,
                        holding -> {
                            told.add(holding);
                            if (told.size() == 40) {
                                JobResult stopped = SampleJobs.result(JobResult.End.INTERRUPTED);
                                assertThat(ports.claims().finish(some.running(), stopped)).isTrue();
                            }
                            if (told.size() == 50) {
                                ports.connections().disconnected("socket-" + tenant);
                            }
                        });
        assertThat(told.getFirst()).isEqualTo(new Removal.Holding(1, 1, Removal.KEYS_TRUSTED));
        assertThat(told).hasSize(50);
        assertThat(told.getLast().jobs()).isZero();
        assertThat(Duration.between(closed, clock().instant())).isEqualTo(Duration.ofSeconds(100));
    }

    @Test
    void a_removal_does_not_wait_for_ever() {
        removal().close(tenant);
        Instant closed = clock().instant();
        removal().settle(tenant, holding -> {});
        assertThat(Duration.between(closed, clock().instant())).isEqualTo(Removal.PATIENCE);
    }

    @Test
    void what_a_runner_writes_before_it_notices_goes_too() {
        Removal removal =
                ports.removal(
                        Optional.of(models),
                        time -> {
                            assertThat(ports.claims().look(some.running()))
                                    .isEqualTo(new Pulse.Lost());
                            ports.jobLog()
                                    .append(
                                            tenant,
                                            List.of(new JobLog.Line(clock().instant(), "late")));
                            clock().advance(time);
                        });
        removal.close(tenant);
        removal.remove(tenant, (items, objects) -> {});
        assertThat(itemsOf(tenant)).isEmpty();
    }

    @Test
    void whom_nobody_has_heard_of_is_not_known() {
        assertThat(removal().knows(tenant)).isTrue();
        assertThat(removal().knows(tenant + "-3")).isFalse();
        removal().close(tenant);
        removal().remove(tenant, (items, objects) -> {});
        assertThat(removal().knows(tenant)).isFalse();
    }

    @Test
    void only_a_closed_tenant_is_removed() {
        int before = itemsOf(tenant).size();
        assertThatThrownBy(() -> removal().remove(tenant, (items, objects) -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not closed");
        assertThat(itemsOf(tenant)).hasSize(before);
    }

    @Test
    void a_removal_that_broke_off_goes_on() {
        removal().close(tenant);
        assertThatThrownBy(() ->
                        removal()
                                .remove(
                                        tenant,
                                        (items, objects) -> {
                                            throw new IllegalStateException("broken off");
                                        }))
                .hasMessage("broken off");
        assertThat(objectsOf(tenant)).isNotEmpty();
        assertThat(ports.accounts().find(tenant)).isPresent();
        removal().close(tenant);
        removal().remove(tenant, (items, objects) -> {});
        assertThat(itemsOf(tenant)).isEmpty();
        assertThat(objectsOf(tenant)).isEmpty();
    }

    @Test
    void an_archive_has_all_that_there_is() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Export.Written> steps = new ArrayList<>();
        Export.Written written;
        try (ZipArchive archive = new ZipArchive(out)) {
            written = ports.export().write(tenant, archive, steps::add);
        }
        assertThat(steps.getLast()).isEqualTo(written);
        Map<String, byte[]> entries = entries(out.toByteArray());
        assertThat(new TreeSet<>(entries.keySet()))
                .containsExactly(
                        "files/input/a/b/in.png",
                        "files/input/in.png",
                        "files/output/sub/a.png",
                        "files/temp/t.png",
                        "history.jsonl",
                        "jobs.jsonl",
                        "manifest.json",
                        "userdata/.users/large.bin",
                        "userdata/.users/workflows/a.json",
                        "userdata/anna b/large.bin",
                        "userdata/anna b/workflows/a.json",
                        "userdata/default/large.bin",
                        "userdata/default/workflows/a.json",
                        "webhooks.jsonl");
        JsonNode call = Json.read(text(entries, "webhooks.jsonl"));
        assertThat(call.path("prompt_id").asText()).isEqualTo("ended");
        assertThat(call.path("answer").asText()).isEqualTo("204");
        assertThat(call.at("/payload/type").asText()).isEqualTo("job.completed");
        assertThat(entries.values())
                .noneMatch(entry -> new String(entry, StandardCharsets.UTF_8).contains("whsec_"));
        assertThat(text(entries, "files/output/sub/a.png")).isEqualTo("pixels");
        assertThat(entries.get("userdata/default/large.bin")).hasSize(400_000);
        assertThat(text(entries, "jobs.jsonl").lines())
                .hasSize(2)
                .allMatch(line -> line.contains("\"prompt_id\""));
        JsonNode ended = Json.read(text(entries, "history.jsonl"));
        assertThat(ended.path("prompt_id").asText()).isEqualTo("ended");
        assertThat(ended.path("status").asText()).isEqualTo("success");
        assertThat(ended.at("/outputs/1/text/0").asText()).isEqualTo("done");
        JsonNode manifest = Json.read(text(entries, "manifest.json"));
        assertThat(manifest.path("tenant").asText()).isEqualTo(tenant);
        assertThat(manifest.path("version").asInt()).isEqualTo(1);
        assertThat(manifest.at("/limits/running").asInt()).isEqualTo(3);
        assertThat(manifest.at("/webhook/url").asText()).isEqualTo(Furnished.HOOK.url().toString());
        assertThat(manifest.path("files").asInt()).isEqualTo(4);
        assertThat(written.userFiles()).isEqualTo(6);
    }

    @Test
    void an_export_into_a_folder_goes_on_where_it_broke_off(@TempDir Path folder)
            throws IOException {
        assertThatThrownBy(() ->
                        ports.export()
                                .write(
                                        tenant,
                                        new FolderArchive(folder),
                                        soFar -> {
                                            if (soFar.files() == 3) {
                                                throw new IllegalStateException("broken off");
                                            }
                                        }))
                .hasMessage("broken off");
        List<String> read = new ArrayList<>();
        Export.Written written =
                ports.export().write(tenant, new Watched(folder, read), soFar -> {});
        assertThat(read)
                .doesNotContain("files/input/in.png", "files/input/a/b/in.png")
                .contains("files/temp/t.png", "userdata/default/large.bin", "manifest.json");
        assertThat(written.files()).isEqualTo(4);
        assertThat(folder.resolve("files/output/sub/a.png")).hasContent("pixels");
        assertThat(folder.resolve("userdata/anna b/large.bin")).hasSize(400_000);
        ports.userFiles()
                .write(
                        new UserFiles.User(tenant, "default"),
                        "workflows/a.json",
                        "other bytes".getBytes(StandardCharsets.UTF_8));
        read.clear();
        ports.export().write(tenant, new Watched(folder, read), soFar -> {});
        assertThat(read)
                .containsExactly(
                        "jobs.jsonl",
                        "history.jsonl",
                        "webhooks.jsonl",
                        "userdata/default/workflows/a.json",
                        "manifest.json");
    }

    /// Says what was written into it.
    private record Watched(FolderArchive folder, List<String> written) implements Archive {
        Watched(Path folder, List<String> written) {
            this(new FolderArchive(folder), written);
        }

        @Override
        public boolean has(String name, long size, Instant modified) throws IOException {
            return folder.has(name, size, modified);
        }

        @Override
        public void write(String name, Instant modified, Content content) throws IOException {
            written.add(name);
            folder.write(name, modified, content);
        }
    }

    @Test
    void nobodys_name_leads_out_of_the_folder(@TempDir Path folder) throws IOException {
        for (String id : List.of("..", "a/../../..", "auth0|x/y")) {
            ports.userFiles().write(new UserFiles.User(tenant, id), "a.json", new byte[] {'1'});
        }
        ports.export().write(tenant, new FolderArchive(folder.resolve("export")), soFar -> {});
        assertThat(folder)
                .isDirectoryContaining("glob:**/export")
                .isDirectoryNotContaining("glob:**/a.json");
        assertThat(folder.resolve("export/userdata/%2E%2E/a.json")).hasContent("1");
        assertThat(folder.resolve("export/userdata/auth0%7Cx%2Fy/a.json")).hasContent("1");
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            ZipEntry entry = in.getNextEntry();
            while (entry != null) {
                entries.put(entry.getName(), in.readAllBytes());
                entry = in.getNextEntry();
            }
        }
        return entries;
    }

    private static String text(Map<String, byte[]> entries, String name) {
        return new String(
                Optional.ofNullable(entries.get(name)).orElseThrow(), StandardCharsets.UTF_8);
    }
}
