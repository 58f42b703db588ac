package comfyserverless.runner.run;

/// What a node's outputs are cached by.
///
/// @param parent the node that expanded into it, or empty: expansions do not share
/// @param root the node of the prompt that it belongs to; itself for most
/// @param signature the hash of all that its outputs depend on
record CacheKey(String tenant, String parent, String root, String signature) {
    CacheKey {
        root = parent.isEmpty() ? "" : root;
    }
}
