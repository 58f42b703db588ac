package comfyserverless.contract.route;

/// Who may call a route.
public enum Access {
    /// Anybody, without authentication.
    PUBLIC,
    /// A tenant: whoever authentication names.
    TENANT
}
