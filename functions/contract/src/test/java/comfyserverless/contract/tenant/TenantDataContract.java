package comfyserverless.contract.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.job.JobSettings;
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
    private String secret;

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
        secret = furnished.furnish(tenant, folder);
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
        return ports.removal(Optional.of(models));
    }

    @Test
    void nothing_is_left_of_a_removed_tenant_and_all_of_its_neighbour() {
        Map<Key, Item> kept = itemsOf(neighbour);
        List<String> objects = objectsOf(neighbour);
        assertThat(itemsOf(tenant)).hasSizeGreaterThan(25).hasSameSizeAs(kept);
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
        assertThat(removed).isSorted().hasSizeGreaterThan(30);
    }

    @Test
    void a_closed_tenant_has_no_keys_any_more() {
        Credentials credentials = ports.credentials(() -> run);
        assertThat(credentials.find(Credentials.Kind.KEY, secret)).isPresent();
        removal().close(tenant);
        assertThat(credentials.find(Credentials.Kind.KEY, secret)).isEmpty();
        assertThat(ports.accounts().find(tenant).orElseThrow().closing()).isTrue();
        assertThat(ports.accounts().find(neighbour).orElseThrow().closing()).isFalse();
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
                                            if (items == 10) {
                                                throw new IllegalStateException("broken off");
                                            }
                                        }))
                .hasMessage("broken off");
        assertThat(itemsOf(tenant)).isNotEmpty();
        removal().close(tenant);
        removal().remove(tenant, (items, objects) -> {});
        assertThat(itemsOf(tenant)).isEmpty();
        assertThat(objectsOf(tenant)).isEmpty();
    }

    @Test
    void an_archive_has_all_that_there_is() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Export.Written written = ports.export().write(tenant, out);
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
                        "userdata/default/workflows/a.json");
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
        assertThat(manifest.path("files").asInt()).isEqualTo(4);
        assertThat(written.userFiles()).isEqualTo(6);
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
