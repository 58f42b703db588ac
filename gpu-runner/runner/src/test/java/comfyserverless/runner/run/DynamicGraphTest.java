package comfyserverless.runner.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.contract.graph.Graph;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.NodeException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DynamicGraphTest {
    private static final int LONG = 1 << 20;

    private final DynamicGraph graph = new DynamicGraph(Graph.of(Json.object()));

    private String add(String id, String parent) {
        graph.add(new GraphNode(id, "Node", Map.of()), parent, parent);
        return id;
    }

    @Test
    void a_loop_that_never_ends_is_stopped_before_it_fills_the_memory() {
        assertThatThrownBy(
                        () -> {
                            String last = "5";
                            for (int turn = 0; turn < 100; turn++) {
                                last = add("i".repeat(LONG) + turn, last);
                            }
                        })
                .isInstanceOf(NodeException.class)
                .hasMessage(
                        "node \"5\" has expanded into 31 nodes and goes on: a loop in it does"
                                + " not seem to end");
        assertThat(graph.all()).hasSize(31);
    }

    @Test
    void an_inner_node_belongs_to_the_node_of_the_prompt() {
        add("5.0.0.1", "5");
        add("5.0.0.1.0.0.1", "5.0.0.1");
        assertThat(graph.real("5.0.0.1.0.0.1")).isEqualTo("5");
        assertThat(graph.parent("5.0.0.1.0.0.1")).isEqualTo("5.0.0.1");
        assertThat(graph.display("5.0.0.1.0.0.1")).isEqualTo("5");
    }
}
