package comfyserverless.diffusion.adapter;

import comfyserverless.diffusion.adapter.WeightPatch.Kind;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The header of an adapter file, matched against the names by which a model's weights go in such files
/// (`load_lora`, ComfyUI 0.3.64).
public final class LoraFile {

    /// Endings of the pair that makes a plain LoRA: up, down.
    private static final List<List<String>> PAIRS =
            List.of(
                    List.of(".lora_up.weight", ".lora_down.weight"),
                    List.of("_lora.up.weight", "_lora.down.weight"),
                    List.of(".lora_B.weight", ".lora_A.weight"),
                    List.of(".lora.up.weight", ".lora.down.weight"),
                    List.of(".lora_B", ".lora_A"),
                    List.of(".lora_linear_layer.up.weight", ".lora_linear_layer.down.weight"),
                    List.of(".lora_B.default.weight", ".lora_A.default.weight"));

    private final StateDict dict;
    private final Set<String> used = new HashSet<>();

    private LoraFile(StateDict dict) {
        this.dict = dict;
    }

    /// Reads the header.
    ///
    /// @throws ModelFileException when the file is not there or no .safetensors file
    public static LoraFile read(Path file) {
        try {
            return new LoraFile(StateDict.read(file));
        } catch (IOException e) {
            throw new ModelFileException(file, "cannot be read: " + e.getMessage(), e);
        }
    }

    StateDict dict() {
        return dict;
    }

    /// The names in the file that say nothing to models with these names, in alphabetical order.
    ///
    /// @param names weights by each name they go by in adapter files
    public List<String> unused(Map<String, String> names) {
        patches(names);
        return dict.names().stream().filter(name -> !used.contains(name)).toList();
    }

    /// What the file says about each weight.
    Map<String, WeightPatch> patches(Map<String, String> names) {
        Map<String, WeightPatch> patches = new LinkedHashMap<>();
        names.forEach((module, weight) -> addAll(patches, module, weight));
        return patches;
    }

    private void addAll(Map<String, WeightPatch> patches, String module, String weight) {
        String alpha = use(module + ".alpha");
        String dora = use(module + ".dora_scale");
        Stream.of(
                        lora(module, alpha, dora),
                        loha(module, alpha, dora),
                        lokr(module, alpha, dora),
                        glora(module, alpha, dora),
                        blocks(module, alpha, dora))
                .filter(found -> found != null)
                .forEach(found -> patches.put(weight, found));
        String bias = weight.replaceFirst("\\.weight$", ".bias");
        if (dict.contains(module + ".w_norm")) {
            put(patches, Kind.DIFFERENCE, module, ".w_norm", weight);
            put(patches, Kind.DIFFERENCE, module, ".b_norm", bias);
        }
        put(patches, Kind.DIFFERENCE, module, ".diff", weight);
        put(patches, Kind.DIFFERENCE, module, ".diff_b", bias);
        put(patches, Kind.REPLACEMENT, module, ".set_weight", weight);
    }

    private void put(
            Map<String, WeightPatch> patches,
            Kind kind,
            String module,
            String ending,
            String weight) {
        String name = use(module + ending);
        if (name != null) {
            patches.put(weight, new WeightPatch(kind, module, List.of(name), null, null));
        }
    }

    private @Nullable WeightPatch lora(
            String module, @Nullable String alpha, @Nullable String dora) {
        for (List<String> pair : PAIRS) {
            if (dict.contains(module + pair.get(0))) {
                String mid =
                        pair.equals(PAIRS.getFirst()) ? optional(module + ".lora_mid.weight") : "";
                List<String> tensors =
                        List.of(needed(module + pair.get(0)), needed(module + pair.get(1)), mid);
                return new WeightPatch(Kind.LORA, module, tensors, alpha, dora);
            }
        }
        return null;
    }

    private @Nullable WeightPatch loha(
            String module, @Nullable String alpha, @Nullable String dora) {
        if (!dict.contains(module + ".hada_w1_a")) {
            return null;
        }
        List<String> tensors =
                List.of(
                        needed(module + ".hada_w1_a"),
                        needed(module + ".hada_w1_b"),
                        needed(module + ".hada_w2_a"),
                        needed(module + ".hada_w2_b"),
                        optional(module + ".hada_t1"),
                        optional(module + ".hada_t2"));
        return new WeightPatch(Kind.LOHA, module, tensors, alpha, dora);
    }

    private @Nullable WeightPatch lokr(
            String module, @Nullable String alpha, @Nullable String dora) {
        List<String> tensors =
                Stream.of("w1", "w1_a", "w1_b", "w2", "w2_a", "w2_b", "t2")
                        .map(part -> optional(module + ".lokr_" + part))
                        .toList();
        return tensors.stream().allMatch(String::isEmpty)
                ? null
                : new WeightPatch(Kind.LOKR, module, tensors, alpha, dora);
    }

    private @Nullable WeightPatch glora(
            String module, @Nullable String alpha, @Nullable String dora) {
        if (!dict.contains(module + ".a1.weight")) {
            return null;
        }
        List<String> tensors =
                Stream.of("a1", "a2", "b1", "b2")
                        .map(part -> needed(module + "." + part + ".weight"))
                        .toList();
        return new WeightPatch(Kind.GLORA, module, tensors, alpha, dora);
    }

    private @Nullable WeightPatch blocks(
            String module, @Nullable String alpha, @Nullable String dora) {
        String name = module + ".oft_blocks";
        if (!dict.contains(name)) {
            return null;
        }
        Kind kind = dict.entry(name).rank() == 4 ? Kind.BOFT : Kind.OFT;
        List<String> tensors = List.of(needed(name), optional(module + ".rescale"));
        return new WeightPatch(kind, module, tensors, alpha, dora);
    }

    private String needed(String name) {
        dict.entry(name);
        used.add(name);
        return name;
    }

    private String optional(String name) {
        String found = use(name);
        return found == null ? "" : found;
    }

    private @Nullable String use(String name) {
        if (!dict.contains(name)) {
            return null;
        }
        used.add(name);
        return name;
    }
}
