package comfyserverless.handlers.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.Load;
import comfyserverless.contract.job.Reconciled;
import comfyserverless.contract.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A log line in CloudWatch's embedded metric format: the log's service makes metrics of it.
///
/// @param dimensions what the values are of
/// @param values each counted, by its metric's name
public record MetricLine(Instant at, Map<String, String> dimensions, Map<String, Long> values) {
    static final String NAMESPACE = "ComfyServerless";

    public MetricLine {
        dimensions = new LinkedHashMap<>(dimensions);
        values = new LinkedHashMap<>(values);
    }

    /// What a round of reconciling says: one line of the whole deployment, one of each tenant with work.
    public static List<MetricLine> of(Reconciled round, String deployment, Instant at) {
        Load load = round.load();
        Load.Work total = load.total();
        Map<String, Long> all = new LinkedHashMap<>();
        all.put("Pending", (long) total.pending());
        all.put("Running", (long) total.running());
        all.put("Backlog", (long) total.pending() + total.running());
        all.put("Runners", (long) load.runners());
        all.put("WaitingWithoutRunner", total.pending() > 0 && load.runners() == 0 ? 1L : 0L);
        all.put("LostLeases", (long) round.requeued().size() + round.ended().size());
        MetricLine whole = new MetricLine(at, Map.of("Deployment", deployment), all);
        List<MetricLine> lines = new ArrayList<>(List.of(whole));
        load.tenants()
                .forEach((tenant, work) -> {
                    Map<String, String> dimensions = new LinkedHashMap<>();
                    dimensions.put("Deployment", deployment);
                    dimensions.put("Tenant", tenant);
                    Map<String, Long> values = new LinkedHashMap<>();
                    values.put("Pending", (long) work.pending());
                    values.put("Running", (long) work.running());
                    lines.add(new MetricLine(at, dimensions, values));
                });
        return lines;
    }

    /// The line, JSON.
    public String text() {
        ObjectNode line = Json.object();
        ObjectNode header = line.putObject("_aws");
        header.put("Timestamp", at.toEpochMilli());
        ObjectNode metrics = header.putArray("CloudWatchMetrics").addObject();
        metrics.put("Namespace", NAMESPACE);
        ArrayNode names = metrics.putArray("Dimensions").addArray();
        dimensions.forEach((name, value) -> {
            names.add(name);
            line.put(name, value);
        });
        ArrayNode definitions = metrics.putArray("Metrics");
        values.forEach((name, value) -> {
            definitions.addObject().put("Name", name).put("Unit", "Count");
            line.put(name, value);
        });
        return Json.write(line);
    }
}
