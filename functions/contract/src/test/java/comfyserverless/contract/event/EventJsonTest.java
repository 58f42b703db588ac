package comfyserverless.contract.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    @Test
    void status_carries_the_sid_only_in_the_greeting() {
        assertThat(EventJson.write(new Event.Status(2, null)))
                .isEqualTo(
                        "{\"type\":\"status\",\"data\":{\"status\":{\"exec_info\":{\"queue_remaining\":2}}}}");
        assertThat(EventJson.write(new Event.Status(0, "ab")))
                .isEqualTo(
                        "{\"type\":\"status\",\"data\":{\"status\":{\"exec_info\":{\"queue_remaining\":0}},\"sid\":\"ab\"}}");
    }

    @Test
    void executing_null_ends_a_prompt_and_a_greeting_names_the_node_alone() {
        assertThat(EventJson.write(new Event.Executing(null, null, "p")))
                .isEqualTo("{\"type\":\"executing\",\"data\":{\"node\":null,\"prompt_id\":\"p\"}}");
        assertThat(EventJson.write(new Event.Executing("5", null, null)))
                .isEqualTo("{\"type\":\"executing\",\"data\":{\"node\":\"5\"}}");
        assertThat(EventJson.write(new Event.Executing("5.0.1", "5", "p")))
                .isEqualTo(
                        "{\"type\":\"executing\",\"data\":{\"node\":\"5.0.1\",\"display_node\":\"5\",\"prompt_id\":\"p\"}}");
    }

    @Test
    void an_idle_node_stands_at_a_float_and_steps_are_whole_numbers() {
        Map<String, Event.NodeProgress> nodes = new LinkedHashMap<>();
        nodes.put("1", progress("1", 0, 1));
        nodes.put("2", progress("2", 5, 20));
        nodes.put("3", progress("3", 0.5, 1.2));
        assertThat(EventJson.data(new Event.ProgressState("p", nodes)).toString())
                .startsWith("{\"prompt_id\":\"p\",\"nodes\":{\"1\":{\"value\":0.0,\"max\":1.0,")
                .contains(
                        "\"1\":{\"value\":0.0,\"max\":1.0,\"state\":\"running\",\"node_id\":\"1\","
                                + "\"prompt_id\":\"p\",\"display_node_id\":\"1\",\"parent_node_id\":null,"
                                + "\"real_node_id\":\"1\"}")
                .contains("\"2\":{\"value\":5,\"max\":20,")
                .contains("\"3\":{\"value\":0.5,\"max\":1.2,");
    }

    @Test
    void a_cached_output_node_without_ui_sends_output_null() {
        assertThat(EventJson.write(new Event.Executed("p", "3", "3", null)))
                .isEqualTo(
                        "{\"type\":\"executed\",\"data\":{\"node\":\"3\",\"display_node\":\"3\",\"output\":null,\"prompt_id\":\"p\"}}");
    }

    @Test
    void an_error_has_comfyui_s_keys_in_its_order() {
        Event.NodeFailure failure =
                new Event.NodeFailure(
                        "1",
                        "Boom",
                        "ValueError",
                        "no\n",
                        List.of("  line\n"),
                        JSON.objectNode(),
                        JSON.arrayNode());
        assertThat(
                        EventJson.data(new Event.ExecutionError("p", failure, List.of("4"), 7L))
                                .toString())
                .isEqualTo(
                        "{\"prompt_id\":\"p\",\"node_id\":\"1\",\"node_type\":\"Boom\",\"executed\":[\"4\"],"
                                + "\"exception_message\":\"no\\n\",\"exception_type\":\"ValueError\","
                                + "\"traceback\":[\"  line\\n\"],\"current_inputs\":{},"
                                + "\"current_outputs\":[],\"timestamp\":7}");
    }

    @Test
    void pictures_have_no_json_form() {
        Event preview = new Event.Preview(new PreviewFrame("image/png", new byte[0], null));
        assertThatThrownBy(() -> EventJson.write(preview))
                .hasMessage("Preview is a binary message: BinaryFrame writes it");
    }

    @Test
    void binary_frames_are_read_back_as_they_were_written() {
        byte[] picture = {1, 2, 3};
        assertThat(new BinaryFrame.Picture("image/png", picture).encode())
                .containsExactly(0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3);
        assertThat(new BinaryFrame.Text("ü2", "two\nlines").encode())
                .isEqualTo("\0\0\0\3\0\0\0\3ü2two\nlines".getBytes(StandardCharsets.UTF_8));
        ObjectNode metadata = JSON.objectNode().put("node_id", "2");
        PreviewFrame frame = new PreviewFrame("image/jpeg", picture, metadata);
        BinaryFrame back = BinaryFrame.decode(BinaryFrame.of(frame, true).encode());
        assertThat(back).isInstanceOf(BinaryFrame.DescribedPicture.class);
        BinaryFrame.DescribedPicture described = (BinaryFrame.DescribedPicture) back;
        assertThat(described.metadata().toString())
                .isEqualTo("{\"node_id\":\"2\",\"image_type\":\"image/jpeg\"}");
        assertThat(described.bytes()).isEqualTo(picture);
        assertThat(BinaryFrame.decode(BinaryFrame.of(frame, false).encode()))
                .isInstanceOf(BinaryFrame.Picture.class);
    }

    @Test
    void a_broken_frame_is_refused_with_a_reason() {
        assertThatThrownBy(() -> BinaryFrame.decode(new byte[] {0, 0, 0}))
                .hasMessage("binary message of 3 bytes ends too early");
        assertThatThrownBy(() -> BinaryFrame.decode(new byte[] {0, 0, 0, 4, 0, 0, 0, 9, 1}))
                .hasMessage("a part of 9 bytes is announced, 1 follow");
    }

    @Test
    void a_frame_that_is_too_long_for_one_message_comes_in_parts() throws Exception {
        byte[] frame = new byte[1000];
        for (int i = 0; i < frame.length; i++) {
            frame[i] = (byte) i;
        }
        assertThat(WrappedFrame.wrap(frame, "x", 31 * 1024)).hasSize(1);
        List<String> messages = WrappedFrame.wrap(frame, "x", 600);
        assertThat(messages).hasSizeGreaterThan(1).allMatch(m -> m.length() <= 600);
        java.io.ByteArrayOutputStream joined = new java.io.ByteArrayOutputStream();
        for (String message : messages) {
            String data =
                    new com.fasterxml.jackson.databind.ObjectMapper()
                            .readTree(message)
                            .at("/data/data")
                            .asText();
            joined.writeBytes(Base64.getDecoder().decode(data));
        }
        assertThat(joined.toByteArray()).isEqualTo(frame);
    }

    private static Event.NodeProgress progress(String id, double value, double max) {
        return new Event.NodeProgress(
                value, max, Event.NodeProgress.State.RUNNING, id, id, null, id);
    }
}
