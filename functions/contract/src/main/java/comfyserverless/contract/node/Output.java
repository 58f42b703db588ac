package comfyserverless.contract.node;

import org.jspecify.annotations.Nullable;

/// One output of a node.
///
/// @param list whether it gives a list whose items run one by one through the nodes behind it
public record Output(String type, String name, boolean list, @Nullable String tooltip) {
    public Output(String type, String name) {
        this(type, name, false, null);
    }
}
