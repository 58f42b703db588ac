package comfyserverless.contract.event;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// An encoded picture for a client: type 1 without metadata, type 4 with.
///
/// @param mime `image/jpeg` or `image/png`
/// @param metadata node ids and prompt id for clients that announced supports_preview_metadata
@SuppressWarnings("ArrayRecordComponent")
public record PreviewFrame(String mime, byte[] picture, @Nullable ObjectNode metadata) {}
