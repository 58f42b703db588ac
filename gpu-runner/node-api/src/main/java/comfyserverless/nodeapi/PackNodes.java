package comfyserverless.nodeapi;

import java.util.List;

/// The half of a node pack that runners load: what the nodes do. Found by [java.util.ServiceLoader] beside
/// the pack's other half ([comfyserverless.contract.pack.NodePack]), whose definitions it fulfils.
public interface PackNodes {
    /// One for each definition of the other half.
    List<Node> nodes();

    /// The socket types of its own that have a codec; others need not be named.
    default List<SocketType<?>> types() {
        return List.of();
    }
}
