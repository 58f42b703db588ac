package comfyserverless.runner.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.graph.Graph;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.json.Json;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExecutionOrderTest {
    private final ObjectNode prompt = Json.object();
    private final Set<String> outputs = new HashSet<>();

    private void node(String id, String... from) {
        ObjectNode inputs = prompt.putObject(id).put("class_type", "N").putObject("inputs");
        for (int i = 0; i < from.length; i++) {
            ArrayNode link = inputs.putArray("in" + i);
            link.add(from[i]).add(0);
        }
    }

    private final ExecutionOrder.Traits traits =
            new ExecutionOrder.Traits() {
                @Override
                public boolean isOutput(String id) {
                    return outputs.contains(id);
                }

                @Override
                public boolean isAsync(String id) {
                    return false;
                }

                @Override
                public boolean isLazy(String id, String input) {
                    return false;
                }
            };

    private List<String> run(String... targets) {
        DynamicGraph graph = new DynamicGraph(Graph.of(prompt));
        ExecutionOrder order = new ExecutionOrder(graph, traits, id -> false);
        for (String target : targets) {
            outputs.add(target);
        }
        for (String target : targets) {
            order.add(target);
        }
        List<String> ran = new ArrayList<>();
        while (!order.isEmpty()) {
            String next = order.next().orElseThrow();
            ran.add(next);
            order.complete(next);
        }
        return ran;
    }

    @Test
    void a_chain_runs_from_its_head() {
        node("a");
        node("b", "a");
        node("c", "b");
        assertThat(run("c")).containsExactly("a", "b", "c");
    }

    @Test
    void of_two_branches_the_one_named_last_runs_first() {
        node("1");
        node("2", "1");
        node("3", "1");
        node("4", "2", "3");
        assertThat(run("4")).containsExactly("1", "3", "2", "4");
    }

    @Test
    void an_output_that_is_ready_goes_first() {
        node("1");
        node("2", "1");
        node("3", "2");
        node("near", "1");
        assertThat(run("3", "near")).containsExactly("1", "near", "2", "3");
    }

    @Test
    void nodes_that_wait_for_each_other_are_named() {
        node("out", "x");
        node("x", "y");
        node("y", "x");
        DynamicGraph graph = new DynamicGraph(Graph.of(prompt));
        ExecutionOrder order = new ExecutionOrder(graph, traits, id -> false);
        order.add("out");
        assertThat(order.next()).isEmpty();
        assertThat(order.left()).containsExactly("out", "x", "y");
    }

    @Test
    void five_thousand_nodes_in_a_row_are_ordered_and_keyed_within_seconds() {
        node("0");
        for (int i = 1; i < 5_000; i++) {
            node("" + i, "" + (i - 1));
        }
        // Time on the processor: other work on the machine does not count.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long began = threads.getCurrentThreadCpuTime();
        assertThat(run("4999")).hasSize(5_000);
        DynamicGraph graph = new DynamicGraph(Graph.of(prompt));
        CacheKeys keys = new CacheKeys(graph, PLAIN, "default", "run");
        assertThat(keys.of("4999").signature()).isNotEqualTo(keys.of("4998").signature());
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - began))
                .isLessThan(Duration.ofSeconds(5));
    }

    private static final CacheKeys.Marks PLAIN =
            new CacheKeys.Marks() {
                @Override
                public JsonNode changeMark(GraphNode node) {
                    return BooleanNode.FALSE;
                }

                @Override
                public boolean dependsOnId(GraphNode node) {
                    return node.classType().equals("Unique");
                }
            };

    private static String key(String json, String id) {
        DynamicGraph graph = new DynamicGraph(Graph.of((ObjectNode) Json.read(json)));
        return new CacheKeys(graph, PLAIN, "default", "run").of(id).content();
    }

    @Test
    void a_key_ignores_ids_and_kinds_of_numbers() {
        String one = "{\"a\":{\"class_type\":\"N\",\"inputs\":{\"v\":4}}}";
        String other = "{\"b\":{\"class_type\":\"N\",\"inputs\":{\"v\":4.0}}}";
        assertThat(key(one, "a")).isEqualTo(key(other, "b"));
    }

    @Test
    void a_key_tells_one_node_from_two_equal_ones() {
        String equal =
                "\"a\":{\"class_type\":\"N\",\"inputs\":{}},\"b\":{\"class_type\":\"N\",\"inputs\":{}},";
        String join = "\"class_type\":\"J\",\"inputs\":{\"x\":[\"a\",0],\"y\":";
        String one = "{" + equal + "\"j\":{" + join + "[\"a\",0]}}}";
        String two = "{" + equal + "\"j\":{" + join + "[\"b\",0]}}}";
        String other = two.replace("\"b\"", "\"c\"");
        assertThat(key(one, "a")).isEqualTo(key(one, "b"));
        assertThat(key(one, "j")).isNotEqualTo(key(two, "j"));
        assertThat(key(two, "j")).isEqualTo(key(other, "j"));
    }

    @Test
    void a_key_keeps_apart_what_differs() {
        String text = "{\"a\":{\"class_type\":\"N\",\"inputs\":{\"v\":\"4\"}}}";
        String number = "{\"a\":{\"class_type\":\"N\",\"inputs\":{\"v\":4}}}";
        String another = "{\"a\":{\"class_type\":\"M\",\"inputs\":{\"v\":4}}}";
        String unique = "{\"a\":{\"class_type\":\"Unique\",\"inputs\":{}}}";
        String otherId = "{\"b\":{\"class_type\":\"Unique\",\"inputs\":{}}}";
        assertThat(List.of(key(text, "a"), key(number, "a"), key(another, "a")))
                .doesNotHaveDuplicates();
        assertThat(key(unique, "a")).isNotEqualTo(key(otherId, "b"));
    }
}
