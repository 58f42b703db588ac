package comfyserverless.contract.node;

/// A hidden input: what the server itself gives to a node.
///
/// @param type the word in the definition: one of the constants, or any type for inputs that only
///     expansions set
/// @param wrapped whether /object_info prints it as `["TYPE"]` (nodes in the newer declaration style)
public record Hidden(String type, boolean wrapped) {
    public static final String PROMPT = "PROMPT";
    public static final String DYNPROMPT = "DYNPROMPT";
    public static final String EXTRA_PNGINFO = "EXTRA_PNGINFO";
    public static final String UNIQUE_ID = "UNIQUE_ID";
    public static final String AUTH_TOKEN = "AUTH_TOKEN_COMFY_ORG";
    public static final String API_KEY = "API_KEY_COMFY_ORG";
}
