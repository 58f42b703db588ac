package comfyserverless.nodeapi;

import java.util.List;

/// What an SVG socket carries: drawings, each a whole SVG document as text (`SVG`, ComfyUI 0.3.64).
public record Svg(List<String> documents) {
    public Svg {
        documents = List.copyOf(documents);
    }

    /// These drawings as a node's output.
    public Value value() {
        return new Value.Handle("SVG", this);
    }
}
