package comfyserverless.runner.nodes.image;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Svg;
import comfyserverless.runner.nodes.Call;
import comfyserverless.runner.nodes.FolderContext;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SaveSVGNodeTest {
    private final FolderContext folder = new FolderContext();

    @Test
    void each_drawing_is_a_file_with_the_prompt_behind_its_opening_tag() throws Exception {
        Outputs outputs =
                Call.of("SaveSVGNode")
                        .in(folder)
                        .with(
                                "svg",
                                new Svg(List.of("<svg width=\"1\"><g/></svg>", "<svg/>")).value())
                        .with("filename_prefix", "svg/ComfyUI")
                        .with("prompt", Json.object().put("1", "a ]]> b"))
                        .run();
        assertThat(text("svg/ComfyUI_00001_.svg"))
                .isEqualTo(
                        """
                        <svg width="1">
                        <metadata><![CDATA[
                        {"prompt": {"1": "a ]]\\u003e b"}}
                        ]]></metadata>
                        <g/></svg>\
                        """);
        assertThat(outputs.ui())
                .hasToString(
                        "{\"images\":[{\"filename\":\"ComfyUI_00001_.svg\",\"subfolder\":\"svg\",\"type\":\"output\"},"
                                + "{\"filename\":\"ComfyUI_00002_.svg\",\"subfolder\":\"svg\",\"type\":\"output\"}]}");
    }

    @Test
    void a_drawing_without_a_prompt_is_saved_as_it_is() throws Exception {
        Call.of("SaveSVGNode")
                .in(folder)
                .with("svg", new Svg(List.of("<svg>é</svg>")).value())
                .with("filename_prefix", "a")
                .run();
        assertThat(text("a_00001_.svg")).isEqualTo("<svg>é</svg>");
    }

    private String text(String name) {
        return new String(folder.read(name + " [output]"), StandardCharsets.UTF_8);
    }
}
