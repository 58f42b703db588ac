package comfyserverless.contract.node;

/// What else is true of a node class.
public enum Trait {
    /// A prompt runs for the sake of these nodes.
    OUTPUT_NODE,
    /// Takes whole lists instead of running once per item.
    INPUT_IS_LIST,
    /// Its cache key contains the node's id: equal nodes are not one.
    NOT_IDEMPOTENT,
    DEPRECATED,
    EXPERIMENTAL,
    /// Calls a paid service.
    API_NODE,
    /// Declared in the newer style: choices are printed as `["COMBO", {"options": [...]}]`, and
    /// deprecated, experimental and api_node always.
    NEWER_STYLE
}
