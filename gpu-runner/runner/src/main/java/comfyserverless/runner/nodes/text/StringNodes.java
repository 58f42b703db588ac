package comfyserverless.runner.nodes.text;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.node.InputOptions;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.List;
import java.util.Locale;

/// The nodes that change and compare texts (nodes_string, ComfyUI 0.3.64). Lengths and places count code
/// points, as Python's do.
public final class StringNodes {
    private StringNodes() {}

    /// All but those of regular expressions, in ComfyUI's order.
    public static List<Node> all() {
        return List.of(
                new StringConcatenate(),
                substring(),
                length(),
                caseConverter(),
                trim(),
                replace(),
                contains(),
                compare());
    }

    private static Node substring() {
        return node(
                NodeDefinition.of("StringSubstring", "comfy_extras.nodes_string")
                        .displayed("Substring")
                        .category("utils/string")
                        .required("string", text().multiline())
                        .required("start", new InputSpec.Int(InputOptions.NONE))
                        .required("end", new InputSpec.Int(InputOptions.NONE))
                        .output("STRING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                in ->
                        TextNode.valueOf(
                                PythonStrings.slice(
                                        in.text("string"), in.whole("start"), in.whole("end"))));
    }

    private static Node length() {
        return node(
                NodeDefinition.of("StringLength", "comfy_extras.nodes_string")
                        .displayed("Length")
                        .category("utils/string")
                        .required("string", text().multiline())
                        .output("INT", "length")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                in -> IntNode.valueOf(PythonStrings.length(in.text("string"))));
    }

    private static Node caseConverter() {
        return node(
                NodeDefinition.of("CaseConverter", "comfy_extras.nodes_string")
                        .displayed("Case Converter")
                        .category("utils/string")
                        .required("string", text().multiline())
                        .required(
                                "mode",
                                choice("UPPERCASE", "lowercase", "Capitalize", "Title Case"))
                        .output("STRING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                in -> TextNode.valueOf(cased(in.text("string"), in.text("mode"))));
    }

    private static Node trim() {
        return node(
                NodeDefinition.of("StringTrim", "comfy_extras.nodes_string")
                        .displayed("Trim")
                        .category("utils/string")
                        .required("string", text().multiline())
                        .required("mode", choice("Both", "Left", "Right"))
                        .output("STRING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                in -> TextNode.valueOf(trimmed(in.text("string"), in.text("mode"))));
    }

    private static Node replace() {
        return node(
                NodeDefinition.of("StringReplace", "comfy_extras.nodes_string")
                        .displayed("Replace")
                        .category("utils/string")
                        .required("string", text().multiline())
                        .required("find", text().multiline())
                        .required("replace", text().multiline())
                        .output("STRING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                in ->
                        TextNode.valueOf(
                                in.text("string").replace(in.text("find"), in.text("replace"))));
    }

    private static Node contains() {
        return node(
                NodeDefinition.of("StringContains", "comfy_extras.nodes_string")
                        .displayed("Contains")
                        .category("utils/string")
                        .required("string", text().multiline())
                        .required("substring", text().multiline())
                        .required("case_sensitive", flag(true))
                        .output("BOOLEAN", "contains")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                in -> BooleanNode.valueOf(folded(in, "string").contains(folded(in, "substring"))));
    }

    private static Node compare() {
        return node(
                NodeDefinition.of("StringCompare", "comfy_extras.nodes_string")
                        .displayed("Compare")
                        .category("utils/string")
                        .required("string_a", text().multiline())
                        .required("string_b", text().multiline())
                        .required("mode", choice("Starts With", "Ends With", "Equal"))
                        .required("case_sensitive", flag(true))
                        .output("BOOLEAN")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                in ->
                        BooleanNode.valueOf(
                                compared(
                                        folded(in, "string_a"),
                                        folded(in, "string_b"),
                                        in.text("mode"))));
    }

    /// A node of one plain result.
    @FunctionalInterface
    interface OfInputs {
        JsonNode apply(Inputs in);
    }

    private static Node node(NodeDefinition definition, OfInputs function) {
        return new SimpleNode(definition, (in, context) -> Outputs.of(function.apply(in)));
    }

    private static String cased(String text, String mode) {
        return switch (mode) {
            case "UPPERCASE" -> text.toUpperCase(Locale.ROOT);
            case "lowercase" -> text.toLowerCase(Locale.ROOT);
            case "Capitalize" -> PythonStrings.capitalized(text);
            case "Title Case" -> PythonStrings.title(text);
            default -> text;
        };
    }

    private static String trimmed(String text, String mode) {
        return PythonStrings.stripped(text, !mode.equals("Right"), !mode.equals("Left"));
    }

    private static String folded(Inputs in, String name) {
        String text = in.text(name);
        return in.flag("case_sensitive") ? text : text.toLowerCase(Locale.ROOT);
    }

    private static boolean compared(String a, String b, String mode) {
        return switch (mode) {
            case "Starts With" -> a.startsWith(b);
            case "Ends With" -> a.endsWith(b);
            default -> a.equals(b);
        };
    }
}
