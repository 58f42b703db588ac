package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// What a client said it understands, in its `feature_flags` message.
///
/// @param previewMetadata pictures with the ids of their node (binary type 4)
/// @param binaryFrame binary messages in text ([WrappedFrame])
public record ClientFeatures(boolean previewMetadata, boolean binaryFrame) {
    /// The flag by which a client announces that it unwraps [WrappedFrame]s.
    public static final String BINARY_FRAME = "supports_binary_frame";

    public static ClientFeatures of(ObjectNode flags) {
        return new ClientFeatures(
                flags.path("supports_preview_metadata").asBoolean(false),
                flags.path(BINARY_FRAME).asBoolean(false));
    }
}
