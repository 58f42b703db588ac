package comfyserverless.runner.nodes.media;

import comfyserverless.nodeapi.NodeException;
import comfyserverless.runner.media.MediaException;
import java.util.function.Supplier;

/// What FFmpeg refuses, as a failure of the node.
final class MediaErrors {
    private MediaErrors() {}

    /// Runs something that may end in a [MediaException].
    static <T> T named(Supplier<T> work) {
        try {
            return work.get();
        } catch (MediaException e) {
            throw new NodeException("ValueError", String.valueOf(e.getMessage()), e);
        }
    }
}
