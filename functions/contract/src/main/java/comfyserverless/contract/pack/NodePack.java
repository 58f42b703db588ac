package comfyserverless.contract.pack;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.prompt.NodeValidator;
import java.util.List;
import java.util.Optional;

/// The half of a node pack that functions load: what its nodes are and which prompts they refuse. It sees
/// the JDK, the contract and Jackson, nothing else; what the nodes do is in the other half, which only
/// runners load (`comfyserverless.nodeapi.PackNodes`). Both are found by [java.util.ServiceLoader].
public interface NodePack {
    /// What paths call it: `/extensions/{name}/...`. Letters, digits, `-`, `_` and `.`.
    String name();

    /// Its node classes, in the order of /object_info.
    List<NodeDefinition> definitions();

    /// The own validation of one of its classes, if it has one.
    default Optional<NodeValidator> validator(String className) {
        return Optional.empty();
    }
}
