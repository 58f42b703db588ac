package comfyserverless.runner.run;

/// What a node's outputs are cached by.
///
/// @param tenant whose prompt it is; tenants never share
/// @param parent the node that expanded into it, or empty
/// @param id the node itself
/// @param classType its class: what another class expanded into under its id is not its own
/// @param signature the hash of all that its outputs depend on
record CacheKey(String tenant, String parent, String id, String classType, String signature) {
    /// By content alone, within the tenant.
    String content() {
        return tenant + "/" + signature;
    }
}
