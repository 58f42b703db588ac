package comfyserverless.contract.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// ComfyUI 0.3.64's model folders, where they lie below `models/`, and which files they show
/// (folder_paths.py).
public final class ModelFolders {
    private static final Set<String> WEIGHTS =
            Set.of(".ckpt", ".pt", ".pt2", ".bin", ".pth", ".safetensors", ".pkl", ".sft");
    private static final Map<String, Folder> FOLDERS = folders();

    private ModelFolders() {}

    /// A folder: its places below the models root, and the extensions it shows (empty: all).
    public record Folder(String name, List<String> places, Set<String> extensions) {
        public Folder {
            places = List.copyOf(places);
            extensions = Set.copyOf(extensions);
        }

        public boolean shows(String fileName) {
            if (extensions.isEmpty()) {
                return true;
            }
            return extensions.contains(extension(fileName));
        }
    }

    /// As Python's splitext: the last dot and what follows, nothing for `.name` and `name`.
    private static String extension(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        int dot = name.lastIndexOf('.');
        boolean only = name.chars().limit(Math.max(dot, 0)).allMatch(c -> c == '.');
        return dot < 0 || only ? "" : name.substring(dot).toLowerCase(Locale.ROOT);
    }

    public static Map<String, Folder> all() {
        return FOLDERS;
    }

    private static Map<String, Folder> folders() {
        Map<String, Folder> all = new LinkedHashMap<>();
        add(all, "checkpoints", WEIGHTS, "checkpoints");
        add(all, "configs", Set.of(".yaml"), "configs");
        add(all, "loras", WEIGHTS, "loras");
        add(all, "vae", WEIGHTS, "vae");
        add(all, "text_encoders", WEIGHTS, "text_encoders", "clip");
        add(all, "diffusion_models", WEIGHTS, "unet", "diffusion_models");
        add(all, "clip_vision", WEIGHTS, "clip_vision");
        add(all, "style_models", WEIGHTS, "style_models");
        add(all, "embeddings", WEIGHTS, "embeddings");
        add(all, "diffusers", Set.of("folder"), "diffusers");
        add(all, "vae_approx", WEIGHTS, "vae_approx");
        add(all, "controlnet", WEIGHTS, "controlnet", "t2i_adapter");
        add(all, "gligen", WEIGHTS, "gligen");
        add(all, "upscale_models", WEIGHTS, "upscale_models");
        add(all, "custom_nodes", Set.of());
        add(all, "hypernetworks", WEIGHTS, "hypernetworks");
        add(all, "photomaker", WEIGHTS, "photomaker");
        add(all, "classifiers", Set.of(""), "classifiers");
        add(all, "model_patches", WEIGHTS, "model_patches");
        add(all, "audio_encoders", WEIGHTS, "audio_encoders");
        return java.util.Collections.unmodifiableMap(all);
    }

    private static void add(
            Map<String, Folder> all, String name, Set<String> extensions, String... places) {
        all.put(name, new Folder(name, List.of(places), extensions));
    }
}
