package comfyserverless.runner.run;

/// What a node's outputs are cached by.
///
/// @param tenant whose prompt it is; tenants never share
/// @param parent the node that expanded into it, or empty
/// @param id the node itself
/// @param signature the hash of all that its outputs depend on
record CacheKey(String tenant, String parent, String id, String signature) {
    /// By content alone, within the tenant.
    String content() {
        return tenant + "/" + signature;
    }
}
