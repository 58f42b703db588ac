package comfyserverless.diffusion.weights;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Files in the layout of the diffusers library, with their tensors called as in original checkpoints
/// (`unet_to_diffusers` and `convert_vae_state_dict`, ComfyUI 0.3.64).
public final class DiffusersNames {

    private static final Pattern BLOCK =
            Pattern.compile(
                    "(down|up)_blocks\\.(\\d+)\\.(resnets|attentions|downsamplers|upsamplers)\\.(\\d+)\\.(.+)");
    private static final Pattern MIDDLE =
            Pattern.compile("mid_block\\.(resnets|attentions)\\.(\\d+)\\.(.+)");
    private static final Map<String, String> RESIDUAL =
            Map.of(
                    "norm1", "in_layers.0",
                    "conv1", "in_layers.2",
                    "time_emb_proj", "emb_layers.1",
                    "norm2", "out_layers.0",
                    "conv2", "out_layers.3",
                    "conv_shortcut", "skip_connection");
    private static final Map<String, String> ENDS =
            Map.ofEntries(
                    Map.entry("conv_in", "input_blocks.0.0"),
                    Map.entry("conv_norm_out", "out.0"),
                    Map.entry("conv_out", "out.2"),
                    Map.entry("time_embedding.linear_1", "time_embed.0"),
                    Map.entry("time_embedding.linear_2", "time_embed.2"),
                    Map.entry("add_embedding.linear_1", "label_emb.0.0"),
                    Map.entry("add_embedding.linear_2", "label_emb.0.2"),
                    Map.entry("class_embedding.linear_1", "label_emb.0.0"),
                    Map.entry("class_embedding.linear_2", "label_emb.0.2"),
                    Map.entry("controlnet_mid_block", "middle_block_out.0"),
                    Map.entry("controlnet_cond_embedding.conv_in", "input_hint_block.0"));
    private static final Map<String, String> VAE_ATTENTION =
            Map.of(
                    "group_norm", "norm",
                    "query", "q",
                    "key", "k",
                    "value", "v",
                    "to_q", "q",
                    "to_k", "k",
                    "to_v", "v",
                    "to_out.0", "proj_out",
                    "proj_attn", "proj_out");

    private DiffusersNames() {}

    public static boolean isUnet(StateDict dict) {
        return dict.containsUnder("down_blocks.") && dict.contains("conv_in.weight");
    }

    public static boolean isControlNet(StateDict dict) {
        return dict.contains("controlnet_cond_embedding.conv_in.weight");
    }

    public static boolean isVae(StateDict dict) {
        return dict.contains("decoder.up_blocks.0.resnets.0.norm1.weight");
    }

    /// A UNet, or a ControlNet, which is the first half of one.
    public static StateDict unet(StateDict dict) {
        int depth = dict.countIndexed("down_blocks.0.resnets.");
        int hints = dict.countIndexed("controlnet_cond_embedding.blocks.");
        return dict.renamed((name, entry) -> unetName(name, dict, depth, hints), (_, e) -> e);
    }

    private static String unetName(String name, StateDict dict, int depth, int hints) {
        int dot = name.lastIndexOf('.');
        String module = dot < 0 ? name : name.substring(0, dot);
        String end = dot < 0 ? "" : name.substring(dot);
        String known = ENDS.get(module);
        if (known != null) {
            return known + end;
        }
        if (module.startsWith("controlnet_down_blocks.")) {
            return "zero_convs." + module.substring(module.indexOf('.') + 1) + ".0" + end;
        }
        if (module.startsWith("controlnet_cond_embedding.blocks.")) {
            int block = Integer.parseInt(module.substring(module.lastIndexOf('.') + 1));
            return "input_hint_block." + (block + 1) * 2 + end;
        }
        if (module.equals("controlnet_cond_embedding.conv_out")) {
            return "input_hint_block." + (hints + 1) * 2 + end;
        }
        Matcher middle = MIDDLE.matcher(name);
        if (middle.matches()) {
            int part = Integer.parseInt(middle.group(2));
            return middle.group(1).equals("attentions")
                    ? "middle_block." + (2 * part + 1) + "." + middle.group(3)
                    : "middle_block." + 2 * part + "." + residual(middle.group(3));
        }
        Matcher block = BLOCK.matcher(name);
        return block.matches() ? stage(block, dict, depth) : name;
    }

    private static String stage(Matcher block, StateDict dict, int depth) {
        boolean down = block.group(1).equals("down");
        int level = Integer.parseInt(block.group(2));
        int place = Integer.parseInt(block.group(4));
        String inside = block.group(5);
        String start = down ? "input_blocks." : "output_blocks.";
        int stage = level * (depth + 1) + place + (down ? 1 : 0);
        return switch (block.group(3)) {
            case "resnets" -> start + stage + ".0." + residual(inside);
            case "attentions" -> start + stage + ".1." + inside;
            case "downsamplers" ->
                    start + (level + 1) * (depth + 1) + ".0." + inside.replace("conv.", "op.");
            default -> {
                boolean attends = dict.containsUnder("up_blocks." + level + ".attentions.");
                yield start + (level * (depth + 1) + depth) + (attends ? ".2." : ".1.") + inside;
            }
        };
    }

    private static String residual(String inside) {
        int dot = inside.lastIndexOf('.');
        String part = inside.substring(0, dot);
        return RESIDUAL.getOrDefault(part, part) + inside.substring(dot);
    }

    /// An autoencoder. Its attention's linear layers become 1 × 1 convolutions.
    public static StateDict vae(StateDict dict) {
        int ups = dict.countIndexed("decoder.up_blocks.") - 1;
        return dict.renamed(
                (name, entry) -> vaeName(name, ups),
                (name, entry) ->
                        name.contains(".attn_1.") && entry.rank() == 2
                                ? asConvolution(entry)
                                : entry);
    }

    private static String vaeName(String name, int ups) {
        String renamed =
                name.replace("conv_shortcut", "nin_shortcut")
                        .replace("conv_norm_out", "norm_out")
                        .replace("mid_block.resnets.0.", "mid.block_1.")
                        .replace("mid_block.resnets.1.", "mid.block_2.")
                        .replaceAll("down_blocks\\.(\\d+)\\.resnets\\.", "down.$1.block.")
                        .replaceAll(
                                "down_blocks\\.(\\d+)\\.downsamplers\\.0\\.",
                                "down.$1.downsample.");
        renamed =
                Pattern.compile("up_blocks\\.(\\d+)\\.(resnets|upsamplers\\.0)\\.")
                        .matcher(renamed)
                        .replaceAll(m ->
                                "up."
                                        + (ups - Integer.parseInt(m.group(1)))
                                        + (m.group(2).equals("resnets")
                                                ? ".block."
                                                : ".upsample."));
        String attention = "mid_block.attentions.0.";
        int at = renamed.indexOf(attention);
        if (at < 0) {
            return renamed;
        }
        String inside = renamed.substring(at + attention.length());
        int dot = inside.lastIndexOf('.');
        String part = inside.substring(0, dot);
        return renamed.substring(0, at)
                + "mid.attn_1."
                + VAE_ATTENTION.getOrDefault(part, part)
                + inside.substring(dot);
    }

    private static TensorEntry asConvolution(TensorEntry entry) {
        List<Long> shape = new ArrayList<>(entry.shape());
        List<Long> strides = new ArrayList<>(entry.strides());
        for (int i = 0; i < 2; i++) {
            shape.add(1L);
            strides.add(1L);
        }
        return new TensorEntry(entry.dtype(), shape, strides, entry.begin(), entry.end());
    }
}
