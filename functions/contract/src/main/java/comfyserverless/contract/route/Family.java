package comfyserverless.contract.route;

/// The groups that routes come in.
public enum Family {
    PROMPT,
    QUEUE,
    HISTORY,
    NODES,
    MODELS,
    FILES,
    USERDATA,
    SETTINGS,
    SYSTEM,
    JOBS,
    WEBHOOKS,
    INTERNAL,
    SOCKET,
    ACCOUNT,
    /// Of route packs.
    EXTENSION,
    PAGE
}
