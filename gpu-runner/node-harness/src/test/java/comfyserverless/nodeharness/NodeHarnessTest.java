package comfyserverless.nodeharness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeHarnessTest {
    private static final byte[] BYTES = {1, 2, 3};

    private static NodeDefinition.Builder node() {
        return NodeDefinition.of("Tried", "custom_nodes.tried");
    }

    private static Value number(int value) {
        return new Value.Json(IntNode.valueOf(value));
    }

    private static final Node ADD =
            Node.of(
                    node().required("a", InputSpec.integer(0).between(0, 9))
                            .optional("b", InputSpec.link("INT"))
                            .output("INT")
                            .build(),
                    (in, context) ->
                            Outputs.of(
                                    IntNode.valueOf(
                                            in.integer("a")
                                                    + (in.has("b") ? in.integer("b") : 0))));

    @Test
    void plain_values_are_coerced_as_the_server_does() throws Exception {
        assertThat(NodeHarness.run(ADD, Map.of("a", "7")).json(0).intValue()).isEqualTo(7);
        assertThat(NodeHarness.run(ADD, Map.of("a", 1, "b", 20)).json(0).intValue()).isEqualTo(21);
    }

    @Test
    void what_the_server_refuses_is_refused_with_its_words() {
        assertThatThrownBy(() -> NodeHarness.run(ADD, Map.of("a", 10)))
                .isInstanceOf(RefusedInputs.class)
                .hasMessageContaining("Value 10 bigger than max of 9: a");
        assertThatThrownBy(() -> NodeHarness.run(ADD, Map.of()))
                .isInstanceOf(RefusedInputs.class)
                .hasMessageContaining("Required input is missing: a");
        assertThatThrownBy(() -> NodeHarness.run(ADD, Map.of("a", 1, "b", Mask.filled(1, 1, 1, 0))))
                .hasMessageContaining("received_type(MASK) mismatch input_type(INT)");
        assertThatThrownBy(() -> NodeHarness.run(ADD, Map.of("c", 1)))
                .hasMessage("Tried declares no input \"c\"; it has a, b");
    }

    @Test
    void several_items_run_one_by_one_and_shorter_lists_repeat_their_last() throws Exception {
        Value items = new Value.Many(List.of(number(1), number(2), number(3)));
        Ran ran = NodeHarness.run(ADD, Map.of("a", 5, "b", items));
        assertThat(ran.outputs())
                .containsExactly(new Value.Many(List.of(number(6), number(7), number(8))));
    }

    @Test
    void a_node_of_lists_gets_them_whole_and_its_list_output_is_one() throws Exception {
        Node both =
                Node.of(
                        node().trait(Trait.INPUT_IS_LIST)
                                .required("a", InputSpec.link("INT"))
                                .output(new Output("INT", "all", true, null))
                                .build(),
                        (in, context) -> Outputs.of(new Value.Many(in.many("a"))));
        Value items = new Value.Many(List.of(number(1), number(2)));
        assertThat(NodeHarness.run(both, Map.of("a", items)).outputs()).containsExactly(items);
    }

    /// Takes the second picture only where the switch says so.
    private static final class Either implements Node {
        @Override
        public NodeDefinition definition() {
            return node().required("second", InputSpec.flag(false))
                    .required("a", InputSpec.link("IMAGE").lazy())
                    .required("b", InputSpec.link("IMAGE").lazy())
                    .output("IMAGE")
                    .build();
        }

        @Override
        public boolean isLazy() {
            return true;
        }

        @Override
        public List<String> needs(Inputs inputs, NodeContext context) {
            return List.of(inputs.flag("second") ? "b" : "a");
        }

        @Override
        public Outputs run(Inputs in, NodeContext context) {
            return Outputs.of(in.image(in.flag("second") ? "b" : "a"));
        }
    }

    @Test
    void lazy_inputs_come_when_they_are_asked_for() throws Exception {
        Image wanted = Image.black(1, 2, 2);
        Ran ran =
                NodeHarness.run(
                        new Either(),
                        Map.of("second", true, "a", Image.black(1, 1, 1), "b", wanted));
        assertThat(ran.asked()).containsExactly("b");
        assertThat(ran.image(0)).isSameAs(wanted);
    }

    @Test
    void what_it_says_shows_and_stores_is_written_down() throws Exception {
        FileRef file = new FileRef(FileType.OUTPUT, "", "made.bin");
        Node talking =
                Node.of(
                        node().hidden("id", Hidden.UNIQUE_ID).build(),
                        (in, context) -> {
                            context.progress(1, 2, new PreviewFrame("image/png", BYTES, null));
                            context.text("half of " + in.text("id"));
                            context.send("tried.done", Json.object().put("n", 1));
                            context.sendToClient("tried.yours", Json.object());
                            context.files().save(file, context.files().read("a.bin"));
                            return Outputs.shown("numbers", Json.mapper().createArrayNode().add(4));
                        });
        Ran ran = NodeHarness.of(talking).withFile("a.bin", BYTES).run(Map.of());
        assertThat(ran.told().progress()).containsExactly(new Ran.Step(1, 2));
        assertThat(ran.told().previews()).hasSize(1);
        assertThat(ran.told().texts()).containsExactly("half of 1");
        assertThat(ran.told().messages())
                .extracting(Ran.Message::type)
                .containsExactly("tried.done", "tried.yours");
        assertThat(ran.saved()).containsOnlyKeys(file);
        assertThat(ran.ui().toString()).isEqualTo("{\"numbers\":[4]}");
    }

    @Test
    void letters_are_read_in_order_and_the_wait_for_more_ends_at_once() throws Exception {
        Node reading =
                Node.of(
                        node().output("STRING").build(),
                        (in, context) -> Outputs.of(context.mailbox().await()));
        Ran ran = NodeHarness.of(reading).withLetter(TextNode.valueOf("hello")).run(Map.of());
        assertThat(ran.json(0).asText()).isEqualTo("hello");
        assertThatThrownBy(() -> NodeHarness.run(reading, Map.of()))
                .isInstanceOf(NodeException.class)
                .hasMessageContaining("withLetter");
    }

    @Test
    void a_model_is_a_choice_and_lies_where_the_test_put_it(@TempDir Path folder) throws Exception {
        Path model = Files.write(folder.resolve("m.bin"), BYTES);
        Node loading =
                Node.of(
                        node().required("name", InputSpec.modelFile("loras"))
                                .output("STRING")
                                .build(),
                        (in, context) -> {
                            Path found = context.files().model("loras", in.text("name"));
                            return Outputs.of(TextNode.valueOf(found.toString()));
                        });
        NodeHarness harness = NodeHarness.of(loading).withModel("loras", "x/m.bin", model);
        assertThat(harness.run(Map.of("name", "x/m.bin")).json(0).asText())
                .isEqualTo(model.toString());
        assertThatThrownBy(() -> harness.run(Map.of("name", "other.bin")))
                .isInstanceOf(RefusedInputs.class)
                .hasMessageContaining("Value not in list");
    }

    @Test
    void it_can_be_stopped_where_it_looks() {
        Node endless =
                Node.of(
                        node().build(),
                        (in, context) -> {
                            for (int i = 0; ; i++) {
                                context.progress(i, 100);
                            }
                        });
        assertThatThrownBy(() -> NodeHarness.of(endless).stoppedAt(5).run(Map.of()))
                .isInstanceOf(StoppedRun.class);
    }

    @Test
    void the_change_mark_sees_literals_and_no_links() throws Exception {
        Node marking =
                new Node() {
                    @Override
                    public NodeDefinition definition() {
                        return ADD.definition();
                    }

                    @Override
                    public Outputs run(Inputs inputs, NodeContext context) {
                        return Outputs.of();
                    }

                    @Override
                    public JsonNode changeMark(Inputs literals, NodeContext context) {
                        return TextNode.valueOf(literals.integer("a") + " " + literals.has("b"));
                    }
                };
        assertThat(NodeHarness.of(marking).changeMark(Map.of("a", 3, "b", 4)).asText())
                .isEqualTo("3 false");
    }
}
