package comfyserverless.runner.nodes;

import comfyserverless.nodeapi.Node;
import comfyserverless.runner.nodes.image.EmptyImage;
import comfyserverless.runner.nodes.image.ImageBatch;
import comfyserverless.runner.nodes.image.ImageInvert;
import comfyserverless.runner.nodes.image.ImageScale;
import comfyserverless.runner.nodes.image.ImageScaleBy;
import comfyserverless.runner.nodes.image.LoadImage;
import comfyserverless.runner.nodes.image.PreviewImage;
import comfyserverless.runner.nodes.image.SaveImage;
import comfyserverless.runner.nodes.text.PreviewAny;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;

/// The list of ComfyUI's own nodes that are there, in the order of its own list.
public final class CoreNodes {
    private CoreNodes() {}

    /// What nodes need besides their inputs.
    ///
    /// @param metadata whether saved pictures carry the prompt
    /// @param clock for dates in file names
    /// @param random for names of temporary files
    public record Surroundings(boolean metadata, Clock clock, RandomGenerator random) {}

    public static List<Node> all(Surroundings around) {
        return List.of(
                new SaveImage(around.metadata(), around.clock()),
                new PreviewImage(around.metadata(), around.clock(), around.random()),
                new LoadImage(),
                new ImageScale(),
                new ImageScaleBy(),
                new ImageInvert(),
                new ImageBatch(),
                new EmptyImage(),
                new PreviewAny());
    }
}
