package comfyserverless.contract.mailbox;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// What is posted to a node, and to which one.
///
/// @param content any JSON, at most [Mailbox#LARGEST] bytes as text
public record Letter(Address to, JsonNode content) {
    /// For a node of the prompts that run now.
    public static Letter toNode(String nodeId, JsonNode content) {
        return new Letter(new Address.Node(nodeId, null, null), content);
    }

    /// For whichever node of this class reads first: now, or at its next run within an hour.
    public static Letter toClass(String className, JsonNode content) {
        return new Letter(new Address.NodeClass(className), content);
    }

    /// The same for this prompt alone, which may also still wait in the queue.
    public Letter inPrompt(@Nullable String promptId) {
        Address.Node node = node("a prompt");
        return new Letter(new Address.Node(node.nodeId(), promptId, node.clientId()), content);
    }

    /// The same for the prompts of this client alone.
    public Letter ofClient(@Nullable String clientId) {
        Address.Node node = node("a client");
        return new Letter(new Address.Node(node.nodeId(), node.promptId(), clientId), content);
    }

    private Address.Node node(String narrowedBy) {
        return switch (to) {
            case Address.Node node -> node;
            case Address.NodeClass(String name) ->
                    throw new IllegalArgumentException(
                            "a letter to the node class " + name + " is not for " + narrowedBy);
        };
    }

    /// Who a letter is for.
    public sealed interface Address {
        /// The nodes with this id.
        ///
        /// @param promptId of this prompt alone, or null for every prompt that runs
        /// @param clientId of this client's prompts alone, or null for everybody's
        record Node(String nodeId, @Nullable String promptId, @Nullable String clientId)
                implements Address {}

        /// One node of this class, the first that reads.
        record NodeClass(String className) implements Address {}
    }
}
