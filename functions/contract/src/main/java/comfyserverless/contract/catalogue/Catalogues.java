package comfyserverless.contract.catalogue;

import java.util.Optional;

/// Where runners publish their node catalogue and the functions read it.
public interface Catalogues {
    /// Stores a catalogue (gzipped JSON) under its digest and makes it the current one.
    void publish(String digest, byte[] gzip);

    Optional<String> currentDigest();

    Optional<byte[]> load(String digest);
}
