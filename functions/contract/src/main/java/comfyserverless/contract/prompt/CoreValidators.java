package comfyserverless.contract.prompt;

import java.util.Map;
import java.util.Optional;

/// The validators of ComfyUI's own nodes.
public final class CoreValidators {
    private static final Map<String, NodeValidator> BY_CLASS =
            Map.of(
                    "LoadImage", new FileValidator("image", "image"),
                    "LoadImageMask", new FileValidator("image", "image"),
                    "LoadImageOutput", new FileValidator("image", "image"),
                    "LoadLatent", new FileValidator("latent", "latent"),
                    "LoadAudio", new FileValidator("audio", "audio"),
                    "LoadVideo", new FileValidator("file", "video"));

    private CoreValidators() {}

    /// The validator of a class, if it has one.
    public static Optional<NodeValidator> of(String className) {
        return Optional.ofNullable(BY_CLASS.get(className));
    }
}
