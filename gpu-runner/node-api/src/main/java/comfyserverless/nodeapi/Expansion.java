package comfyserverless.nodeapi;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Nodes that take the place of the one that ran, in the form of a prompt: id → `{class_type, inputs}`; a
/// node may name the one shown in its place by `override_display_id`.
public record Expansion(ObjectNode nodes) {}
