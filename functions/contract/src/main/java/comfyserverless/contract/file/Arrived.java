package comfyserverless.contract.file;

/// Bytes that a client put into the store by itself, and that no name leads to yet.
///
/// @param content where they lie
/// @param size in bytes
/// @param sha256 in lower-case hex
public record Arrived(String content, long size, String sha256) {
    private static final int ETAG_DIGITS = 32;

    /// The etag of a file with these bytes.
    public String etag() {
        return "\"" + sha256.substring(0, ETAG_DIGITS) + "\"";
    }
}
