package comfyserverless.contract.catalogue;

import java.util.Map;
import java.util.Optional;

/// Where runners publish their node catalogue and the functions read it.
public interface Catalogues {
    /// Stores a catalogue (gzipped JSON) under its digest and makes it the current one.
    ///
    /// @param files what its packs bring for pages, by digest; there before the catalogue is
    void publish(String digest, byte[] gzip, Map<String, byte[]> files);

    /// The same for a catalogue whose packs bring none.
    default void publish(String digest, byte[] gzip) {
        publish(digest, gzip, Map.of());
    }

    /// A file of a pack, by its digest.
    Optional<byte[]> file(String digest);

    Optional<String> currentDigest();

    Optional<byte[]> load(String digest);
}
