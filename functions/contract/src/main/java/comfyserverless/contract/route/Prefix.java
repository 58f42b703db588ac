package comfyserverless.contract.route;

/// Where a route answers.
public enum Prefix {
    /// As it is and under /api: ComfyUI's routes.
    BOTH,
    /// As it is only: internal routes and static files.
    BARE,
    /// Under /api only: routes of newer servers.
    API
}
