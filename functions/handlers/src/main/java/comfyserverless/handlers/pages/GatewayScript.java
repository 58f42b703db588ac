package comfyserverless.handlers.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// The script that teaches any page of ComfyUI what a gateway forces: binary messages wrapped in text,
/// and large uploads past it. It is one of the paths of `GET /extensions`.
public final class GatewayScript implements WebFiles {
    /// The folder that it stands in.
    public static final String PLACE = "extensions/comfy-serverless";

    private static final String NAME = "gateway.js";

    private final byte[] script;

    public GatewayScript() {
        try (InputStream in = GatewayScript.class.getResourceAsStream(NAME)) {
            if (in == null) {
                throw new IllegalStateException(
                        "the class path has no " + NAME + " beside " + GatewayScript.class);
            }
            this.script = in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + NAME, e);
        }
    }

    @Override
    public Optional<byte[]> read(String path) {
        return path.equals(NAME) ? Optional.of(script.clone()) : Optional.empty();
    }

    @Override
    public List<String> list(String folder) {
        return folder.isEmpty() ? List.of(NAME) : List.of();
    }
}
