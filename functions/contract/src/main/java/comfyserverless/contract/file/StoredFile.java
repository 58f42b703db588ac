package comfyserverless.contract.file;

import java.time.Instant;

/// A file that exists.
///
/// @param etag quoted, as HTTP sends it; equal for equal bytes
/// @param content where the bytes lie, for [Files] alone to read
public record StoredFile(FileRef ref, long size, String etag, Instant modified, String content) {}
