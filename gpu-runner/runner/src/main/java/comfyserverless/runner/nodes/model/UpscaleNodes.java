package comfyserverless.runner.nodes.model;

import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.modelFile;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.upscale.Upscaler;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.nodes.Grids;
import comfyserverless.runner.nodes.SimpleNode;
import java.nio.file.Path;

/// The nodes that load a network that enlarges pictures, and use it (nodes_upscale_model, ComfyUI 0.3.64).
public final class UpscaleNodes {
    private static final int TILE = 512;
    private static final int OVERLAP = 32;

    private UpscaleNodes() {}

    /// What an UPSCALE_MODEL socket carries.
    record Handle(ModelRef<Upscaler> model) {}

    public static Node upscaleModelLoader(LoadedModels models) {
        return new SimpleNode(
                NodeDefinition.of("UpscaleModelLoader", "comfy_extras.nodes_upscale_model")
                        .displayed("Load Upscale Model")
                        .category("loaders")
                        .required("model_name", modelFile("upscale_models").asNamed())
                        .output("UPSCALE_MODEL")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Path file = context.files().model("upscale_models", in.text("model_name"));
                    ModelRef<Upscaler> model =
                            models.load(
                                    LoadedModels.Wanted.of(
                                            Upscaler.class, file, ModelFiles::upscaler));
                    return Outputs.of(new Value.Handle("UPSCALE_MODEL", new Handle(model)));
                });
    }

    public static Node imageUpscaleWithModel() {
        return new SimpleNode(
                NodeDefinition.of("ImageUpscaleWithModel", "comfy_extras.nodes_upscale_model")
                        .displayed("Upscale Image (using Model)")
                        .category("image/upscaling")
                        .required("upscale_model", link("UPSCALE_MODEL"))
                        .required("image", link("IMAGE"))
                        .output("IMAGE")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Image image = in.image("image");
                    return Outputs.of(
                            in.handle("upscale_model", Handle.class)
                                    .model()
                                    .<Image>use(model -> upscaled(model, image, context)));
                });
    }

    private static Image upscaled(Upscaler model, Image image, NodeContext context) {
        int side = model.largestTile(TILE);
        Tiling tiling = new Tiling(side, side, OVERLAP, model.scale());
        return upscaled(model, tiling, image, context);
    }

    /// In tiles, so that memory does not grow with the picture.
    static Image upscaled(Upscaler model, Tiling tiling, Image given, NodeContext context) {
        Grid grid = Grids.of(Grids.withChannels(given, model.channels()));
        int height = given.height() * model.scale();
        int width = given.width() * model.scale();
        int tiles = given.batch() * tiling.count(given.height(), given.width());
        int channels = model.channels();
        float[] data = new float[Math.multiplyExact(given.batch() * channels, height * width)];
        int[] done = {0};
        for (int i = 0; i < given.batch(); i++) {
            int item = i;
            HostTensor large =
                    tiling.join(
                            given.height(),
                            given.width(),
                            (y, x, h, w) -> {
                                context.checkStop();
                                float[] part = Grids.item(grid, item).crop(x, y, w, h).planar();
                                HostTensor result =
                                        model.upscale(new HostTensor(part, 1, channels, h, w));
                                context.progress(++done[0], tiles);
                                return result;
                            });
            int area = height * width;
            for (int j = 0; j < area * channels; j++) {
                float value = large.data()[j % channels * area + j / channels];
                data[i * area * channels + j] = Math.clamp(value, 0f, 1f);
            }
        }
        return new Image(data, given.batch(), height, width, channels);
    }
}
