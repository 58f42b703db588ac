package comfyserverless.contract.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// [Runners] on the table: `R#{pool}` / `{runnerId}`.
public final class TableRunners implements Runners {
    /// After this long without a report a runner counts as gone.
    private static final Duration ALIVE = Duration.ofSeconds(30);

    private static final Duration LATELY = Duration.ofMinutes(10);
    private static final Duration KEPT = Duration.ofDays(30);
    private static final String AT = "at";
    private static final String REPORT = "json";

    private final Table table;
    private final String partition;
    private final Clock clock;

    public TableRunners(Table table, String pool, Clock clock) {
        this.table = table;
        this.partition = "R#" + pool;
        this.clock = clock;
    }

    @Override
    public void report(Report report) {
        ObjectNode json = Json.object();
        json.put("digest", report.catalogueDigest());
        json.put("torch", report.torchVersion());
        json.put("ram_total", report.ramTotal());
        json.put("ram_free", report.ramFree());
        for (Device device : report.devices()) {
            write(json.withArray("devices").addObject(), device);
        }
        table.write(
                Write.put(
                        Item.of(new Key(partition, report.runnerId()))
                                .with(AT, report.at().toEpochMilli())
                                .with(REPORT, Json.write(json))
                                .expiring(clock.instant().plus(KEPT))));
    }

    private static void write(ObjectNode json, Device device) {
        json.put("name", device.name());
        json.put("type", device.type());
        json.put("index", device.index());
        json.put("vram_total", device.vramTotal());
        json.put("vram_free", device.vramFree());
        json.put("torch_vram_total", device.torchVramTotal());
        json.put("torch_vram_free", device.torchVramFree());
    }

    @Override
    public List<Report> known() {
        Instant lately = clock.instant().minus(LATELY);
        List<Report> newest =
                table.all(Query.of(partition, Index.MAIN)).stream()
                        .map(TableRunners::report)
                        .sorted(Comparator.comparing(Report::at).reversed())
                        .toList();
        List<Report> known = new ArrayList<>();
        for (Report report : newest) {
            if (known.isEmpty() || report.at().isAfter(lately)) {
                known.add(report);
            }
        }
        return known;
    }

    @Override
    public boolean alive(Report report) {
        return report.at().plus(ALIVE).isAfter(clock.instant());
    }

    private static Report report(Item item) {
        JsonNode json = Json.read(item.text(REPORT));
        List<Device> devices = new ArrayList<>();
        for (JsonNode device : json.path("devices")) {
            devices.add(device(device));
        }
        return new Report(
                item.key().sort(),
                Instant.ofEpochMilli(item.whole(AT)),
                json.path("digest").asText(),
                json.path("torch").asText(),
                json.path("ram_total").asLong(),
                json.path("ram_free").asLong(),
                devices);
    }

    private static Device device(JsonNode json) {
        return new Device(
                json.path("name").asText(),
                json.path("type").asText(),
                json.path("index").asInt(),
                json.path("vram_total").asLong(),
                json.path("vram_free").asLong(),
                json.path("torch_vram_total").asLong(),
                json.path("torch_vram_free").asLong());
    }
}
