package comfyserverless.localstack.stores;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the control plane costs: counted calls by list prices. docs/cost.md holds the same numbers, or
/// this fails.
class CostTest {
    private static final Path PAGE = Path.of("..", "docs", "cost.md");
    private static final int JOBS = 1000;
    private static final int SECONDS_OF_A_HEARTBEAT = 10;
    private static final JsonNode PRICES = CallTable.read("prices.json");

    /// How many units of what is paid for one job takes.
    private static Map<String, Double> units(JsonNode work) {
        int seconds = work.required("seconds").asInt();
        Map<String, Integer> steps = new LinkedHashMap<>();
        List.of("enqueue", "claim", "start", "finish").forEach(step -> steps.put(step, 1));
        steps.put("output", work.required("outputs").asInt());
        int heartbeats = seconds / SECONDS_OF_A_HEARTBEAT;
        steps.put("heartbeat", heartbeats);
        steps.put("look", seconds);
        Map<String, Double> units = new LinkedHashMap<>();
        steps.forEach((step, times) ->
                CallTable.of(step).forEach((call, count) -> add(units, call, count * times)));
        int requests = work.required("requests").asInt();
        add(units, "table read unit", requests * work.required("reads a request").asDouble());
        // a message of a job's life is written before it is sent
        add(units, "table write unit", work.required("logged").asDouble());
        // receive, extend at the claim and with each heartbeat, delete
        add(units, "queue request", 3.0 + heartbeats);
        add(units, "object read", work.required("outputs").asDouble());
        add(units, "HTTP API request", requests);
        add(units, "CloudFront request", requests);
        add(units, "message to a socket (32 KB)", work.required("messages").asDouble());
        add(units, "minute of a socket", work.required("socket minutes").asDouble());
        double calls = requests + work.required("stream calls").asDouble();
        add(units, "function call", calls);
        add(
                units,
                "gigabyte-second of a function",
                calls * PRICES.required("gigabyte-seconds of a call").asDouble());
        return units;
    }

    /// A call, as what is paid for it; other names are units already.
    private static void add(Map<String, Double> units, String name, double count) {
        JsonNode writes = PRICES.required("write units").path(name);
        JsonNode reads = PRICES.required("read units").path(name);
        if (!writes.isMissingNode()) {
            units.merge("table write unit", count * writes.asDouble(), Double::sum);
        } else if (!reads.isMissingNode()) {
            units.merge("table read unit", count * reads.asDouble(), Double::sum);
        } else if (name.equals("SendMessage")) {
            units.merge("queue request", count, Double::sum);
        } else if (name.equals("PutObject")) {
            units.merge("object written", count, Double::sum);
        } else {
            units.merge(name, count, Double::sum);
        }
    }

    private static double dollars(String unit, double count) {
        return JOBS * count * PRICES.required("units").required(unit).asDouble();
    }

    private static Map<String, Double> unitsOf(String workload) {
        return units(CallTable.read("workloads.json").required(workload));
    }

    private static double total(String workload) {
        return unitsOf(workload).entrySet().stream()
                .mapToDouble(unit -> dollars(unit.getKey(), unit.getValue()))
                .sum();
    }

    @ParameterizedTest
    @CsvSource({"script, 0.15", "page, 0.60"})
    void a_thousand_jobs_cost_no_more_than_promised(String workload, double most) {
        assertThat(total(workload)).as(unitsOf(workload).toString()).isBetween(0.01, most);
    }

    @Test
    void the_page_about_costs_shows_these_numbers() throws IOException {
        assertThat(Files.readString(PAGE)).contains(table());
    }

    private static String table() {
        StringBuilder table =
                new StringBuilder("| unit | script: units a job | $ | page: units a job | $ |\n");
        table.append("|---|---|---|---|---|\n");
        Map<String, Double> script = unitsOf("script");
        Map<String, Double> page = unitsOf("page");
        for (String unit : (Iterable<String>) PRICES.required("units")::fieldNames) {
            double count = page.getOrDefault(unit, 0.0);
            double other = script.getOrDefault(unit, 0.0);
            table.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %.2f | %.4f | %.2f | %.4f |\n",
                            unit,
                            other,
                            dollars(unit, other),
                            count,
                            dollars(unit, count)));
        }
        table.append(
                String.format(
                        Locale.ROOT,
                        "| **1,000 jobs** | | **%.3f** | | **%.3f** |\n",
                        total("script"),
                        total("page")));
        return table.toString();
    }
}
