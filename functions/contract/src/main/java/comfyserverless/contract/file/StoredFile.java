package comfyserverless.contract.file;

import java.time.Instant;

/// A file that exists.
///
/// @param etag quoted, as HTTP sends it
public record StoredFile(FileRef ref, long size, String etag, Instant modified) {}
