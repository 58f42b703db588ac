package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A node class's own validation (VALIDATE_INPUTS, ComfyUI 0.3.64). It runs in the functions: JDK and
/// contract only, no files but by [Inputs#files].
public interface NodeValidator {
    /// The inputs that it looks at: their minimum, maximum and choices are not checked otherwise.
    Set<String> names();

    /// Whether it looks at every input (`**kwargs`).
    default boolean allNames() {
        return false;
    }

    /// Whether it checks the types of links itself (`input_types`): then the server does not.
    default boolean checksLinkTypes() {
        return false;
    }

    Verdict validate(Inputs inputs);

    /// What a validator sees.
    ///
    /// @param values input name → value; a JSON null where a link comes in
    /// @param linkTypes input name → the type that its link brings, for [#checksLinkTypes]
    /// @param files which files are there
    record Inputs(Map<String, JsonNode> values, Map<String, String> linkTypes, FilesThere files) {
        public Inputs {
            values = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(values));
            linkTypes =
                    java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(linkTypes));
        }

        /// The value of an input.
        ///
        /// @throws ValidatorFailure as Python's KeyError if it was not given
        public JsonNode get(String name) {
            JsonNode value = values.get(name);
            if (value == null) {
                throw new ValidatorFailure("KeyError", "'" + name + "'");
            }
            return value;
        }
    }

    /// Which of the files that a graph names are there.
    @FunctionalInterface
    interface FilesThere {
        /// Whether the file is there.
        ///
        /// @param annotatedName as LoadImage takes it: `sub/a.png`, `a.png [output]`
        boolean exists(String annotatedName);
    }

    /// Fine, or not.
    sealed interface Verdict {
        Verdict OK = new Ok();

        record Ok() implements Verdict {}

        /// Not fine.
        ///
        /// @param reason what is wrong; null says nothing
        record Refused(@Nullable String reason) implements Verdict {}
    }
}
