package comfyserverless.contract.metric;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A log line in CloudWatch's embedded metric format: the log's service makes metrics of it.
///
/// @param of what the values are of
/// @param about what the line says beside them for whoever searches the log, by its name
public record MetricLine(
        Instant at, Subject of, Map<Measure, Double> values, Map<String, String> about) {
    /// That says nothing else.
    public MetricLine(Instant at, Subject of, Map<Measure, Double> values) {
        this(at, of, values, Map.of());
    }

    /// What is measured.
    ///
    /// @param tenant null where it is of the whole deployment
    /// @param summed whether the values count for the whole deployment too
    public record Subject(String deployment, @Nullable String tenant, boolean summed) {
        /// All tenants together.
        public static Subject deployment(String deployment) {
            return new Subject(deployment, null, false);
        }

        /// One tenant, whose numbers the deployment has from elsewhere.
        public static Subject tenant(String deployment, String tenant) {
            return new Subject(deployment, tenant, false);
        }

        /// One tenant, as part of the deployment.
        public static Subject partOf(String deployment, String tenant) {
            return new Subject(deployment, tenant, true);
        }
    }

    public MetricLine {
        values = values.isEmpty() ? Map.of() : new EnumMap<>(values);
        about = Map.copyOf(about);
    }

    /// The line, JSON.
    public String text() {
        ObjectNode line = Json.object();
        ObjectNode header = line.putObject("_aws");
        header.put("Timestamp", at.toEpochMilli());
        ObjectNode metrics = header.putArray("CloudWatchMetrics").addObject();
        metrics.put("Namespace", Measure.NAMESPACE);
        ArrayNode dimensions = metrics.putArray("Dimensions");
        line.put(Measure.DEPLOYMENT, of.deployment());
        if (of.tenant() == null || of.summed()) {
            add(dimensions, List.of(Measure.DEPLOYMENT));
        }
        if (of.tenant() != null) {
            line.put(Measure.TENANT, of.tenant());
            add(dimensions, List.of(Measure.DEPLOYMENT, Measure.TENANT));
        }
        ArrayNode definitions = metrics.putArray("Metrics");
        values.forEach((measure, value) -> {
            definitions.addObject().put("Name", measure.metric()).put("Unit", measure.unit());
            line.put(measure.metric(), value);
        });
        new TreeMap<>(about).forEach(line::put);
        return Json.write(line);
    }

    private static void add(ArrayNode dimensions, List<String> names) {
        ArrayNode set = dimensions.addArray();
        names.forEach(set::add);
    }
}
