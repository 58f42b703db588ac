package comfyserverless.diffusion.adapter;

import comfyserverless.diffusion.weights.StateDict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// By which names adapter files call the weights of a Stable Diffusion model (`model_lora_keys_unet` and
/// `model_lora_keys_clip`, ComfyUI 0.3.64): after the checkpoint's names, after those of the diffusers library, with
/// dots or underscores.
public final class LoraNames {

    private static final String WEIGHT = ".weight";
    private static final String PROJECTION = "text_projection.weight";
    private static final List<List<String>> RESIDUAL =
            List.of(
                    List.of("in_layers.0", "norm1"),
                    List.of("in_layers.2", "conv1"),
                    List.of("emb_layers.1", "time_emb_proj"),
                    List.of("out_layers.0", "norm2"),
                    List.of("out_layers.3", "conv2"),
                    List.of("skip_connection", "conv_shortcut"));
    private static final List<String> LAYER =
            List.of(
                    "mlp.fc1",
                    "mlp.fc2",
                    "self_attn.k_proj",
                    "self_attn.q_proj",
                    "self_attn.v_proj",
                    "self_attn.out_proj");

    private LoraNames() {}

    /// Weights of a UNet (named without its prefix) by each name they go by.
    public static Map<String, String> ofUnet(StateDict unet) {
        Map<String, String> names = new LinkedHashMap<>();
        for (String name : unet.names()) {
            if (name.endsWith(WEIGHT)) {
                String module = name.substring(0, name.length() - WEIGHT.length());
                names.put("lora_unet_" + module.replace('.', '_'), name);
                names.put("diffusion_model." + module, name);
            } else {
                names.put("diffusion_model." + name, name);
            }
        }
        diffusers(unet).forEach((theirs, ours) -> addDiffusers(names, theirs, ours + WEIGHT));
        return names;
    }

    private static void addDiffusers(Map<String, String> names, String theirs, String weight) {
        String flat = theirs.replace('.', '_');
        names.put("lora_unet_" + flat, weight);
        names.put("lycoris_" + flat, weight);
        String processor = theirs.replace(".to_", ".processor.to_");
        if (processor.endsWith(".to_out.0")) {
            processor = processor.substring(0, processor.length() - 2);
        }
        names.put(processor, weight);
        names.put("unet." + processor, weight);
    }

    /// Weights of one of CLIP's text encoders (named without its prefix) by each name they go by.
    ///
    /// @param encoder its short name: `l`, `g`, `h`
    /// @param place how many encoders of the model come before it
    public static Map<String, String> ofText(StateDict text, String encoder, int place) {
        Map<String, String> names = new LinkedHashMap<>();
        String generic = "text_encoders.clip_" + encoder + ".transformer.";
        for (String name : text.names()) {
            if (name.endsWith(WEIGHT)) {
                String module = name.substring(0, name.length() - WEIGHT.length());
                names.put(generic + (name.equals(PROJECTION) ? "" : "text_model.") + module, name);
            }
        }
        for (int layer = 0; layer < text.countIndexed("encoder.layers."); layer++) {
            for (String part : LAYER) {
                String module = "encoder.layers." + layer + "." + part;
                String flat = "text_model_" + module.replace('.', '_');
                if (place == 0) {
                    names.put("lora_te_" + flat, module + WEIGHT);
                    if (encoder.equals("g")) {
                        names.put("lora_prior_te_" + flat, module + WEIGHT);
                    } else {
                        names.put("lora_te1_" + flat, module + WEIGHT);
                    }
                    names.put("text_encoder.text_model." + module, module + WEIGHT);
                } else {
                    names.put("lora_te2_" + flat, module + WEIGHT);
                    names.put("text_encoder_2.text_model." + module, module + WEIGHT);
                }
            }
        }
        if (text.contains(PROJECTION)) {
            addProjection(names, encoder);
        }
        return names;
    }

    private static void addProjection(Map<String, String> names, String encoder) {
        if (encoder.equals("g")) {
            names.put("lora_prior_te_text_projection", PROJECTION);
            names.put("lora_te2_text_projection", PROJECTION);
        } else if (encoder.equals("l")) {
            names.put("lora_te1_text_projection", PROJECTION);
        }
    }

    /// Modules of the UNet by their names in the diffusers library.
    static Map<String, String> diffusers(StateDict unet) {
        Map<String, String> names = new LinkedHashMap<>();
        level(names, unet, "input_blocks", "down_blocks");
        addBlock(names, unet, "middle_block.0", "mid_block.resnets.0");
        addBlock(names, unet, "middle_block.1", "mid_block.attentions.0");
        addBlock(names, unet, "middle_block.2", "mid_block.resnets.1");
        level(names, unet, "output_blocks", "up_blocks");
        names.put("time_embedding.linear_1", "time_embed.0");
        names.put("time_embedding.linear_2", "time_embed.2");
        names.put("add_embedding.linear_1", "label_emb.0.0");
        names.put("add_embedding.linear_2", "label_emb.0.2");
        names.put("conv_in", "input_blocks.0.0");
        names.put("conv_norm_out", "out.0");
        names.put("conv_out", "out.2");
        names.values().removeIf(module -> !unet.contains(module + WEIGHT));
        return names;
    }

    /// Counts levels by their changes of size: a level ends with one.
    private static void level(
            Map<String, String> names, StateDict unet, String ours, String theirs) {
        int level = 0;
        int inLevel = 0;
        int stages = unet.countIndexed(ours + ".");
        for (int i = ours.startsWith("input") ? 1 : 0; i < stages; i++) {
            String stage = ours + "." + i;
            String at = theirs + "." + level;
            if (unet.contains(stage + ".0.op.weight")) {
                names.put(at + ".downsamplers.0.conv", stage + ".0.op");
                level++;
                inLevel = 0;
                continue;
            }
            addBlock(names, unet, stage + ".0", at + ".resnets." + inLevel);
            boolean ends = false;
            for (int part = 1; part < unet.countIndexed(stage + "."); part++) {
                if (unet.contains(stage + "." + part + ".conv.weight")) {
                    names.put(at + ".upsamplers.0.conv", stage + "." + part + ".conv");
                    ends = true;
                } else {
                    addBlock(names, unet, stage + "." + part, at + ".attentions." + inLevel);
                }
            }
            inLevel++;
            if (ends) {
                level++;
                inLevel = 0;
            }
        }
    }

    private static void addBlock(
            Map<String, String> names, StateDict unet, String ours, String theirs) {
        if (unet.contains(ours + ".in_layers.0.weight")) {
            RESIDUAL.forEach(
                    pair -> names.put(theirs + "." + pair.get(1), ours + "." + pair.get(0)));
            return;
        }
        List<String> modules = new ArrayList<>();
        for (String name : unet.under(ours + ".").names()) {
            if (name.endsWith(WEIGHT)) {
                modules.add(name.substring(0, name.length() - WEIGHT.length()));
            }
        }
        modules.forEach(module -> names.put(theirs + "." + module, ours + "." + module));
    }
}
