package comfyserverless.nodeapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The graph as it stands while it runs, with what nodes have expanded into. A node that declares the
/// hidden input DYNPROMPT gets it as the content of a [Value.Handle] of that type.
public interface DynamicPrompt {
    /// The socket type of the hidden input.
    String TYPE = "DYNPROMPT";

    /// The ids of all nodes, those of the prompt first.
    Set<String> ids();

    /// A copy of a node, `{class_type, inputs}`; inputs that are tensors or handles stand as
    /// [Expansion#input] writes them.
    Optional<ObjectNode> node(String id);

    /// The node that expanded into it; null for one of the prompt.
    @Nullable String parent(String id);

    /// The node that clients show as running in its place.
    String display(String id);
}
