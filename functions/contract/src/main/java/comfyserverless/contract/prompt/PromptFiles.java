package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.node.ChoiceSource;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinitions;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// The files that a prompt names, so that they can be looked up in one batch before validation.
public final class PromptFiles {
    private PromptFiles() {}

    /// The files named by inputs that choose from the input folder.
    public static Set<FileRef> namedBy(PromptRequest request, NodeDefinitions definitions) {
        Set<FileRef> files = new LinkedHashSet<>();
        JsonNode prompt = request.prompt();
        if (prompt != null) {
            for (JsonNode node : prompt) {
                definitions
                        .find(node.path("class_type").asText())
                        .ifPresent(definition -> {
                            collect(definition.required(), node.path("inputs"), files);
                            collect(definition.optional(), node.path("inputs"), files);
                        });
            }
        }
        return files;
    }

    /// The lookup that validators use, given which files are there.
    public static NodeValidator.FilesThere lookup(Predicate<FileRef> there) {
        return name -> AnnotatedName.parse(name).filter(there).isPresent();
    }

    /// The lookup that validators use, given the files that are there.
    public static NodeValidator.FilesThere lookup(Set<FileRef> there) {
        Set<FileRef> copy = there.stream().collect(Collectors.toUnmodifiableSet());
        return lookup(copy::contains);
    }

    private static void collect(Map<String, InputSpec> specs, JsonNode inputs, Set<FileRef> files) {
        specs.forEach((name, spec) -> {
            JsonNode value = inputs.path(name);
            if (value.isTextual()
                    && spec instanceof InputSpec.Choice choice
                    && choice.source() instanceof ChoiceSource.InputFolder) {
                AnnotatedName.parse(value.textValue()).ifPresent(files::add);
            }
        });
    }
}
