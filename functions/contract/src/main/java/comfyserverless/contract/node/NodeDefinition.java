package comfyserverless.contract.node;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a node class takes and gives, and how a front end shows it: what /object_info prints and what
/// validation checks. Built by [#of].
///
/// @param className the class_type of prompts
/// @param required inputs that must be there, in order
/// @param optional inputs that may be left out, in order
/// @param hidden inputs that the server gives, in order
public record NodeDefinition(
        String className,
        Presentation presentation,
        Map<String, InputSpec> required,
        Map<String, InputSpec> optional,
        Map<String, Hidden> hidden,
        List<Output> outputs,
        Set<Trait> traits) {
    public NodeDefinition {
        required = Collections.unmodifiableMap(new LinkedHashMap<>(required));
        optional = Collections.unmodifiableMap(new LinkedHashMap<>(optional));
        hidden = Collections.unmodifiableMap(new LinkedHashMap<>(hidden));
        outputs = List.copyOf(outputs);
        traits = traits.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(traits));
    }

    /// How a front end shows the node.
    ///
    /// @param displayName null where the class gives none (newer style only)
    /// @param module the Python module that ComfyUI names (`nodes`, `comfy_extras.nodes_mask`)
    public record Presentation(
            @Nullable String displayName, String category, String description, String module) {}

    /// Begins the definition of a node class; `module` is the Python module that ComfyUI names.
    public static Builder of(String className, String module) {
        return new Builder(className, module);
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /// The required or optional input of that name, or null.
    public @Nullable InputSpec input(String name) {
        InputSpec spec = required.get(name);
        return spec == null ? optional.get(name) : spec;
    }

    /// Whether a hidden input of that type is asked for.
    public boolean wants(String hiddenType) {
        return hidden.values().stream().anyMatch(h -> h.type().equals(hiddenType));
    }

    /// Collects a definition step by step.
    public static final class Builder {
        private final String className;
        private final String module;
        private final Map<String, InputSpec> required = new LinkedHashMap<>();
        private final Map<String, InputSpec> optional = new LinkedHashMap<>();
        private final Map<String, Hidden> hidden = new LinkedHashMap<>();
        private final List<Output> outputs = new ArrayList<>();
        private final EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
        private @Nullable String displayName;
        private String category = "sd";
        private String description = "";

        private Builder(String className, String module) {
            this.className = className;
            this.module = module;
            this.displayName = className;
        }

        public Builder displayed(@Nullable String name) {
            displayName = name;
            return this;
        }

        public Builder category(String path) {
            category = path;
            return this;
        }

        public Builder describe(String text) {
            description = text;
            return this;
        }

        public Builder required(String name, InputSpec spec) {
            required.put(name, spec);
            return this;
        }

        public Builder optional(String name, InputSpec spec) {
            optional.put(name, spec);
            return this;
        }

        public Builder hidden(String name, String type) {
            hidden.put(name, new Hidden(type, false));
            return this;
        }

        public Builder hidden(String name, Hidden spec) {
            hidden.put(name, spec);
            return this;
        }

        /// An output that is named for its type.
        public Builder output(String type) {
            return output(new Output(type, type));
        }

        public Builder output(String type, String name) {
            return output(new Output(type, name));
        }

        public Builder output(Output output) {
            outputs.add(output);
            return this;
        }

        public Builder trait(Trait trait) {
            traits.add(trait);
            return this;
        }

        /// Marks a node that prompts run for.
        public Builder outputNode() {
            return trait(Trait.OUTPUT_NODE);
        }

        public NodeDefinition build() {
            if (traits.contains(Trait.NEWER_STYLE)) {
                required.replaceAll((name, spec) -> named(spec));
                optional.replaceAll((name, spec) -> named(spec));
            }
            return new NodeDefinition(
                    className,
                    new Presentation(displayName, category, description, module),
                    required,
                    optional,
                    hidden,
                    outputs,
                    traits);
        }

        private static InputSpec named(InputSpec spec) {
            return spec instanceof InputSpec.Choice choice ? choice.asNamed() : spec;
        }
    }
}
