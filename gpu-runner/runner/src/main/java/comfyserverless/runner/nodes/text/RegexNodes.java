package comfyserverless.runner.nodes.text;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.text;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.nodes.SimpleNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;

/// The nodes of regular expressions, in Python's notation (nodes_string, ComfyUI 0.3.64).
public final class RegexNodes {
    private RegexNodes() {}

    /// In ComfyUI's order.
    public static List<Node> all() {
        return List.of(regexMatch(), regexExtract(), regexReplace());
    }

    private static Node regexMatch() {
        return new SimpleNode(
                NodeDefinition.of("RegexMatch", "comfy_extras.nodes_string")
                        .displayed("Regex Match")
                        .category("utils/string")
                        .required("string", text().multiline())
                        .required("regex_pattern", text().multiline())
                        .required("case_insensitive", flag(true))
                        .required("multiline", flag(false))
                        .required("dotall", flag(false))
                        .output("BOOLEAN", "matches")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                RegexNodes::matches);
    }

    private static Node regexExtract() {
        return new SimpleNode(
                NodeDefinition.of("RegexExtract", "comfy_extras.nodes_string")
                        .displayed("Regex Extract")
                        .category("utils/string")
                        .required("string", text().multiline())
                        .required("regex_pattern", text().multiline())
                        .required(
                                "mode",
                                choice("First Match", "All Matches", "First Group", "All Groups"))
                        .required("case_insensitive", flag(true))
                        .required("multiline", flag(false))
                        .required("dotall", flag(false))
                        .required("group_index", integer(1).between(0, 100))
                        .output("STRING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                RegexNodes::extract);
    }

    private static Node regexReplace() {
        return new SimpleNode(
                NodeDefinition.of("RegexReplace", "comfy_extras.nodes_string")
                        .displayed("Regex Replace")
                        .category("utils/string")
                        .required("string", text().multiline())
                        .required("regex_pattern", text().multiline())
                        .required("replace", text().multiline())
                        .optional("case_insensitive", flag(true))
                        .optional("multiline", flag(false))
                        .optional("dotall", flag(false))
                        .optional("count", integer(0).between(0, 100))
                        .output("STRING")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                RegexNodes::replace);
    }

    /// A pattern that Python refuses matches nothing.
    private static Outputs matches(Inputs in, NodeContext context) {
        try {
            return Outputs.of(BooleanNode.valueOf(matcher(in, context).find()));
        } catch (PythonRegex.BadPattern e) {
            return Outputs.of(BooleanNode.FALSE);
        }
    }

    private static Outputs extract(Inputs in, NodeContext context) {
        try {
            String found =
                    extracted(matcher(in, context), in.text("mode"), in.integer("group_index"));
            return Outputs.of(TextNode.valueOf(found));
        } catch (PythonRegex.BadPattern e) {
            return Outputs.of(TextNode.valueOf(""));
        }
    }

    private static String extracted(Matcher matcher, String mode, int group) {
        int groups = matcher.groupCount();
        return switch (mode) {
            case "First Match" -> matcher.find() ? matcher.group() : "";
            case "First Group" -> groups >= group && matcher.find() ? group(matcher, group) : "";
            case "All Matches" -> all(matcher, Math.min(groups, 1));
            case "All Groups" -> groups > 0 && groups >= group ? all(matcher, group) : "";
            default -> "";
        };
    }

    private static String all(Matcher matcher, int group) {
        List<String> found = new ArrayList<>();
        while (matcher.find()) {
            found.add(group(matcher, group));
        }
        return String.join("\n", found);
    }

    private static String group(Matcher matcher, int group) {
        String text = matcher.group(group);
        return text == null ? "" : text;
    }

    private static Outputs replace(Inputs in, NodeContext context) {
        try {
            Matcher matcher = matcher(in, context);
            RegexTemplate template =
                    RegexTemplate.parse(
                            in.text("replace"), regex(in).groups(), matcher.groupCount());
            int most = in.has("count") ? in.integer("count") : 0;
            StringBuilder result = new StringBuilder();
            int from = 0;
            for (int i = 0; (most == 0 || i < most) && matcher.find(); i++) {
                result.append(in.text("string"), from, matcher.start());
                result.append(template.filled(matcher));
                from = matcher.end();
            }
            return Outputs.of(
                    TextNode.valueOf(result.append(in.text("string").substring(from)).toString()));
        } catch (PythonRegex.BadPattern e) {
            throw new NodeException("error", String.valueOf(e.getMessage()), e);
        }
    }

    private static PythonRegex regex(Inputs in) {
        return PythonRegex.compile(
                in.text("regex_pattern"),
                new PythonRegex.Flags(
                        !in.has("case_insensitive") || in.flag("case_insensitive"),
                        in.has("multiline") && in.flag("multiline"),
                        in.has("dotall") && in.flag("dotall")));
    }

    private static Matcher matcher(Inputs in, NodeContext context) {
        return regex(in)
                .pattern()
                .matcher(new StoppableText(in.text("string"), context, new int[1]));
    }

    /// A text whose reading an interrupt ends, since some patterns take for ever.
    @SuppressWarnings("ArrayRecordComponent")
    private record StoppableText(String text, NodeContext context, int[] reads)
            implements CharSequence {
        private static final int READS_PER_LOOK = 1 << 16;

        @Override
        public char charAt(int index) {
            if (++reads[0] % READS_PER_LOOK == 0) {
                context.checkStop();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
