package comfyserverless.contract.file;

/// Bytes that a client put into the store by itself, and that no name leads to yet.
///
/// @param content where they lie
/// @param size in bytes
/// @param sha256 in lower-case hex
public record Arrived(String content, long size, String sha256) {}
