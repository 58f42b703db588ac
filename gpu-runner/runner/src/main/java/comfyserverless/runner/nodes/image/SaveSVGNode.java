package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonJson;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Svg;
import comfyserverless.runner.nodes.save.FileSaver;
import comfyserverless.runner.nodes.save.Saving;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Saves drawings, the prompt in a `<metadata>` element of each.
public final class SaveSVGNode implements Node {
    private static final Pattern BEGINNING = Pattern.compile("<svg[^>]*>");

    private final Saving saving;

    public SaveSVGNode(Saving saving) {
        this.saving = saving;
    }

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("SaveSVGNode", "comfy_extras.nodes_images")
                .category("image/save")
                .describe("Saves drawings as SVG files in the output folder.")
                .required("svg", link("SVG"))
                .required(
                        "filename_prefix",
                        text().preset("svg/ComfyUI")
                                .tooltip(
                                        "How the files' names begin; folders and variables such as"
                                                + " %date:yyyy-MM-dd% may stand in it."))
                .hidden("prompt", Hidden.PROMPT)
                .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                .outputNode()
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Svg drawings = in.handle("svg", Svg.class);
        FileSaver files = saving.begin(FileType.OUTPUT, in.text("filename_prefix"), 0, 0, context);
        String metadata = saving.metadata() ? metadata(in) : "";
        for (int i = 0; i < drawings.documents().size(); i++) {
            context.checkStop();
            String document =
                    BEGINNING
                            .matcher(drawings.documents().get(i))
                            .replaceAll(tag -> Matcher.quoteReplacement(tag.group() + metadata));
            files.save(i, "svg", document.getBytes(StandardCharsets.UTF_8));
        }
        return Outputs.shown("images", files.saved());
    }

    /// The element that stands behind each opening tag; empty where there is nothing to tell.
    private static String metadata(Inputs in) {
        ObjectNode told = Json.object();
        JsonNode prompt = in.json("prompt");
        if (!prompt.isNull()) {
            told.set("prompt", prompt);
        }
        in.json("extra_pnginfo").properties().forEach(e -> told.set(e.getKey(), e.getValue()));
        // "]]>" would end the section: inside JSON's texts the escaped form says the same.
        String json = PythonJson.dumps(told).replace("]]>", "]]\\u003e");
        return told.isEmpty() ? "" : "\n<metadata><![CDATA[\n" + json + "\n]]></metadata>\n";
    }
}
