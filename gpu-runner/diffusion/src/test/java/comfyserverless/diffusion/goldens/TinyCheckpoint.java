package comfyserverless.diffusion.goldens;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.diffusion.torch.Shapes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// Builds a whole checkpoint in Stable Diffusion 1's layout, as small as its structure allows: two levels, widths of 32
/// and 64, one transformer in the middle, a text encoder of one layer. Tests change its tensors before it is written.
public final class TinyCheckpoint {

    private static final String UNET = "model.diffusion_model.";
    private static final String VAE = "first_stage_model.";
    private static final String TEXT = "cond_stage_model.transformer.text_model.";
    private static final int TEXT_WIDTH = 64;

    private final Map<String, long[]> shapes = new LinkedHashMap<>();

    public TinyCheckpoint() {
        unet();
        vae();
        text();
    }

    /// Leaves out every tensor whose name begins so.
    public TinyCheckpoint without(String start) {
        shapes.keySet().removeIf(name -> name.startsWith(start));
        return this;
    }

    /// Adds a tensor, or gives one another shape.
    public TinyCheckpoint with(String name, long... shape) {
        shapes.put(name, shape);
        return this;
    }

    /// Writes it with numbers of its own, as float32 or float16.
    public Path write(Path file, boolean half) throws IOException {
        ObjectNode header = new JsonMapper().createObjectNode();
        int bytes = half ? 2 : 4;
        long end = 0;
        for (Map.Entry<String, long[]> tensor : shapes.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey());
            entry.put("dtype", half ? "F16" : "F32");
            var sizes = entry.putArray("shape");
            for (long size : tensor.getValue()) {
                sizes.add(size);
            }
            long length = Shapes.count(tensor.getValue()) * bytes;
            entry.putArray("data_offsets").add(end).add(end + length);
            end += length;
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        byte[] content = new byte[Math.toIntExact(8 + json.length + end)];
        ByteBuffer out = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(json.length).put(json);
        shapes.forEach((name, shape) -> put(out, name, shape, half));
        return Files.write(file, content);
    }

    private static void put(ByteBuffer out, String name, long[] shape, boolean half) {
        boolean scale = shape.length == 1 && name.endsWith("weight");
        long fanIn = shape.length < 2 ? 1 : Shapes.count(shape) / shape[0];
        float range = shape.length == 1 ? 0.05f : (float) Math.sqrt(3.0 / fanIn);
        for (float number : SyntheticTensors.tensor(name, range, scale ? 1 : 0, shape).data()) {
            if (half) {
                out.putShort(Float.floatToFloat16(number));
            } else {
                out.putFloat(number);
            }
        }
    }

    private void unet() {
        linear(UNET + "time_embed.0", 128, 32);
        linear(UNET + "time_embed.2", 128, 128);
        convolution(UNET + "input_blocks.0.0", 32, 4, 3);
        unetResidual("input_blocks.1.0", 32, 32);
        convolution(UNET + "input_blocks.2.0.op", 32, 32, 3);
        unetResidual("input_blocks.3.0", 32, 64);
        unetResidual("middle_block.0", 64, 64);
        transformer(UNET + "middle_block.1", 64);
        unetResidual("middle_block.2", 64, 64);
        unetResidual("output_blocks.0.0", 128, 64);
        unetResidual("output_blocks.1.0", 96, 64);
        convolution(UNET + "output_blocks.1.1.conv", 64, 64, 3);
        unetResidual("output_blocks.2.0", 96, 32);
        unetResidual("output_blocks.3.0", 64, 32);
        norm(UNET + "out.0", 32);
        convolution(UNET + "out.2", 4, 32, 3);
    }

    private void unetResidual(String name, int from, int to) {
        norm(UNET + name + ".in_layers.0", from);
        convolution(UNET + name + ".in_layers.2", to, from, 3);
        linear(UNET + name + ".emb_layers.1", to, 128);
        norm(UNET + name + ".out_layers.0", to);
        convolution(UNET + name + ".out_layers.3", to, to, 3);
        if (from != to) {
            convolution(UNET + name + ".skip_connection", to, from, 1);
        }
    }

    private void transformer(String name, int width) {
        norm(name + ".norm", width);
        convolution(name + ".proj_in", width, width, 1);
        convolution(name + ".proj_out", width, width, 1);
        String block = name + ".transformer_blocks.0.";
        for (String attention : new String[] {"attn1", "attn2"}) {
            int read = attention.equals("attn1") ? width : TEXT_WIDTH;
            with(block + attention + ".to_q.weight", width, width);
            with(block + attention + ".to_k.weight", width, read);
            with(block + attention + ".to_v.weight", width, read);
            linear(block + attention + ".to_out.0", width, width);
        }
        for (int i = 1; i <= 3; i++) {
            norm(block + "norm" + i, width);
        }
        linear(block + "ff.net.0.proj", 8 * width, width);
        linear(block + "ff.net.2", width, 4 * width);
    }

    private void vae() {
        convolution(VAE + "encoder.conv_in", 32, 3, 3);
        convolution(VAE + "decoder.conv_in", 32, 4, 3);
        for (int level = 0; level < 4; level++) {
            vaeResidual("encoder.down." + level + ".block.0", 32);
            vaeResidual("decoder.up." + level + ".block.0", 32);
            if (level < 3) {
                convolution(VAE + "encoder.down." + level + ".downsample.conv", 32, 32, 3);
                convolution(VAE + "decoder.up." + (level + 1) + ".upsample.conv", 32, 32, 3);
            }
        }
        for (String side : new String[] {"encoder", "decoder"}) {
            vaeResidual(side + ".mid.block_1", 32);
            norm(VAE + side + ".mid.attn_1.norm", 32);
            for (String part : new String[] {"q", "k", "v", "proj_out"}) {
                convolution(VAE + side + ".mid.attn_1." + part, 32, 32, 1);
            }
            vaeResidual(side + ".mid.block_2", 32);
            norm(VAE + side + ".norm_out", 32);
        }
        convolution(VAE + "encoder.conv_out", 8, 32, 3);
        convolution(VAE + "decoder.conv_out", 3, 32, 3);
        convolution(VAE + "quant_conv", 8, 8, 1);
        convolution(VAE + "post_quant_conv", 4, 4, 1);
    }

    private void vaeResidual(String name, int width) {
        norm(VAE + name + ".norm1", width);
        convolution(VAE + name + ".conv1", width, width, 3);
        norm(VAE + name + ".norm2", width);
        convolution(VAE + name + ".conv2", width, width, 3);
    }

    private void text() {
        with(TEXT + "embeddings.token_embedding.weight", 49408, TEXT_WIDTH);
        with(TEXT + "embeddings.position_embedding.weight", 77, TEXT_WIDTH);
        String layer = TEXT + "encoder.layers.0.";
        for (String part : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
            linear(layer + "self_attn." + part, TEXT_WIDTH, TEXT_WIDTH);
        }
        linear(layer + "mlp.fc1", 4 * TEXT_WIDTH, TEXT_WIDTH);
        linear(layer + "mlp.fc2", TEXT_WIDTH, 4 * TEXT_WIDTH);
        norm(layer + "layer_norm1", TEXT_WIDTH);
        norm(layer + "layer_norm2", TEXT_WIDTH);
        norm(TEXT + "final_layer_norm", TEXT_WIDTH);
    }

    private void norm(String name, int width) {
        with(name + ".weight", width);
        with(name + ".bias", width);
    }

    private void linear(String name, int to, int from) {
        with(name + ".weight", to, from);
        with(name + ".bias", to);
    }

    private void convolution(String name, int to, int from, int side) {
        with(name + ".weight", to, from, side, side);
        with(name + ".bias", to);
    }
}
