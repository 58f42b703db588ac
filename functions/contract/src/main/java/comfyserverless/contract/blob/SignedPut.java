package comfyserverless.contract.blob;

import java.net.URI;
import java.util.Map;

/// A way to put exactly those bytes that were announced, for who has it.
///
/// @param headers what the request must carry besides its length, by lower-case name
public record SignedPut(URI url, Map<String, String> headers) {
    public SignedPut {
        headers = Map.copyOf(headers);
    }
}
