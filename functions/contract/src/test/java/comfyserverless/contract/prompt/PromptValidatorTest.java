package comfyserverless.contract.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class PromptValidatorTest {
    private static final Catalogue CATALOGUE =
            Catalogue.of(
                    List.of(
                            NodeDefinition.of("Number", "nodes")
                                    .required("value", InputSpec.integer(0).between(0, 100))
                                    .output("INT")
                                    .build(),
                            NodeDefinition.of("Fraction", "nodes")
                                    .required("value", InputSpec.decimal(0).between(0, 1))
                                    .required("flag", InputSpec.flag(false))
                                    .required("name", InputSpec.text())
                                    .output("FLOAT")
                                    .build(),
                            NodeDefinition.of("Add", "nodes")
                                    .required("a", InputSpec.link("INT"))
                                    .required("b", InputSpec.link("INT"))
                                    .output("INT")
                                    .build(),
                            NodeDefinition.of("Show", "nodes")
                                    .required("value", InputSpec.link("*"))
                                    .outputNode()
                                    .build(),
                            NodeDefinition.of("Load", "nodes")
                                    .required("file", InputSpec.inputFile("image"))
                                    .output("IMAGE")
                                    .build(),
                            NodeDefinition.of("Pick", "nodes")
                                    .required("model", InputSpec.modelFile("checkpoints"))
                                    .output("MODEL")
                                    .build()));
    private static final PromptValidator VALIDATOR =
            new PromptValidator(CATALOGUE, PromptValidatorTest::validator);

    private static Optional<NodeValidator> validator(String className) {
        return className.equals("Load")
                ? Optional.of(new FileValidator("file", "image"))
                : Optional.empty();
    }

    private static Validation validate(String prompt) {
        FolderLists lists =
                new FolderLists() {
                    @Override
                    public List<String> models(String folder) {
                        return List.of("sub/a.safetensors");
                    }

                    @Override
                    public List<String> inputs(List<String> kinds) {
                        return List.of();
                    }
                };
        PromptRequest request =
                PromptRequest.read(
                        ("{\"prompt\":" + prompt + "}").getBytes(StandardCharsets.UTF_8));
        return VALIDATOR.validate(
                request, new PromptValidator.Surroundings(lists, "there.png"::equals));
    }

    private static ObjectNode valid(String prompt) {
        Validation validation = validate(prompt);
        assertThat(validation).isInstanceOf(Validation.Valid.class);
        return ((Validation.Valid) validation).prompt();
    }

    private static Validation.Invalid invalid(String prompt) {
        Validation validation = validate(prompt);
        assertThat(validation).isInstanceOf(Validation.Invalid.class);
        return (Validation.Invalid) validation;
    }

    @Test
    void values_are_stored_as_the_input_wants_them() {
        ObjectNode prompt =
                valid(
                        """
                        {"1": {"class_type": "Number", "inputs": {"value": "8"}},
                         "2": {"class_type": "Fraction",
                               "inputs": {"value": "0.5", "flag": "false", "name": 12}},
                         "3": {"class_type": "Number", "inputs": {"value": 8.9}},
                         "7": {"class_type": "Show", "inputs": {"value": ["1", 0]}},
                         "8": {"class_type": "Show", "inputs": {"value": ["2", 0]}},
                         "9": {"class_type": "Show", "inputs": {"value": ["3", 0]}}}
                        """);
        assertThat(Json.write(prompt.at("/1/inputs"))).isEqualTo("{\"value\":8}");
        assertThat(Json.write(prompt.at("/2/inputs")))
                .isEqualTo("{\"value\":0.5,\"flag\":true,\"name\":\"12\"}");
        assertThat(Json.write(prompt.at("/3/inputs"))).isEqualTo("{\"value\":8}");
    }

    @Test
    void a_wrapped_list_is_unwrapped() {
        ObjectNode prompt =
                valid(
                        """
                        {"1": {"class_type": "Show", "inputs": {"value": {"__value__": [1, 2, 3]}}}}
                        """);
        assertThat(Json.write(prompt.at("/1/inputs"))).isEqualTo("{\"value\":[1,2,3]}");
    }

    @Test
    void a_slash_of_either_kind_finds_the_model() {
        valid(
                """
                {"1": {"class_type": "Pick", "inputs": {"model": "sub\\\\a.safetensors"}},
                 "2": {"class_type": "Show", "inputs": {"value": ["1", 0]}}}
                """);
    }

    @Test
    void a_file_that_is_there_is_accepted_and_another_is_named() {
        String prompt =
                """
                {"1": {"class_type": "Load", "inputs": {"file": "%s"}},
                 "2": {"class_type": "Show", "inputs": {"value": ["1", 0]}}}
                """;
        valid(prompt.formatted("there.png"));
        assertThat(Json.write(invalid(prompt.formatted("gone.png")).json()))
                .contains("file - Invalid image file: gone.png");
    }

    @Test
    void a_cycle_is_named() {
        Validation.Invalid answer =
                invalid(
                        """
                        {"1": {"class_type": "Add", "inputs": {"a": ["2", 0], "b": ["2", 0]}},
                         "2": {"class_type": "Add", "inputs": {"a": ["1", 0], "b": ["1", 0]}},
                         "3": {"class_type": "Show", "inputs": {"value": ["1", 0]}}}
                        """);
        assertThat(answer.error().details()).isEqualTo("The nodes form a cycle: 1 → 2 → 1");
        assertThat(answer.nodeErrors().byNode()).isEmpty();
    }

    @Test
    void a_negative_slot_counts_from_the_end() {
        valid(
                """
                {"1": {"class_type": "Number", "inputs": {"value": 1}},
                 "2": {"class_type": "Show", "inputs": {"value": ["1", -1]}}}
                """);
    }

    @Test
    void a_prompt_that_is_no_object_is_refused_with_its_type() {
        assertThat(invalid("[1]").error().details()).isEqualTo("it is a list");
    }

    @Test
    void an_error_names_only_the_outputs_that_depend_on_it() {
        Validation.Invalid answer =
                invalid(
                        """
                        {"1": {"class_type": "Number", "inputs": {"value": 101}},
                         "2": {"class_type": "Number", "inputs": {"value": -1}},
                         "8": {"class_type": "Show", "inputs": {"value": ["1", 0]}},
                         "9": {"class_type": "Show", "inputs": {"value": ["2", 0]}}}
                        """);
        assertThat(answer.nodeErrors().byNode().get("1"))
                .satisfies(e -> assertThat(e.dependentOutputs()).containsExactly("8"));
        assertThat(answer.nodeErrors().byNode().get("2"))
                .satisfies(e -> assertThat(e.dependentOutputs()).containsExactly("9"));
    }

    @Test
    @Timeout(60)
    void five_thousand_nodes_in_a_chain_take_less_than_a_second() {
        StringBuilder prompt = new StringBuilder("{");
        prompt.append("\"0\":{\"class_type\":\"Number\",\"inputs\":{\"value\":1}}");
        for (int i = 1; i < PromptValidator.MOST_NODES - 1; i++) {
            String link = "[\"" + (i - 1) + "\",0]";
            prompt.append(
                    ",\"%d\":{\"class_type\":\"Add\",\"inputs\":{\"a\":%s,\"b\":%s}}"
                            .formatted(i, link, link));
        }
        prompt.append(",\"end\":{\"class_type\":\"Show\",\"inputs\":{\"value\":[\"4998\",0]}}}");
        String text = prompt.toString();
        valid(text);
        // Time on the processor: other work on the machine does not count.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long begin = threads.getCurrentThreadCpuTime();
        valid(text);
        long taken = threads.getCurrentThreadCpuTime() - begin;
        assertThat(Duration.ofNanos(taken)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void more_nodes_than_allowed_are_refused() {
        StringBuilder prompt = new StringBuilder("{");
        for (int i = 0; i <= PromptValidator.MOST_NODES; i++) {
            prompt.append(i == 0 ? "" : ",").append('"').append(i).append("\":{}");
        }
        assertThat(invalid(prompt.append('}').toString()).error().type())
                .isEqualTo("too_many_nodes");
    }
}
