package comfyserverless.runner;

import comfyserverless.contract.account.Limits;
import comfyserverless.contract.pack.PackSources;
import comfyserverless.diffusion.torch.Device;
import comfyserverless.diffusion.torch.TorchSettings;
import comfyserverless.runner.nodes.sampling.PreviewMethod;
import comfyserverless.runner.run.CacheMode;
import comfyserverless.runner.run.CacheSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the runner's container reads from its environment: COMFY_RUNNERS (1), COMFY_DEVICE (cpu or cuda),
/// COMFY_MAX_MESSAGE (bytes, 31744), COMFY_METADATA (true), COMFY_PREVIEWS (none or latent2rgb), COMFY_LOADED_MODELS
/// (2), COMFY_LONGEST_WAIT (seconds that a node may wait for a client's message, 600), COMFY_MODEL_CACHE (a folder,
/// /tmp/models), COMFY_CACHE (classic, none, lru:N, ram:GIGABYTES), COMFY_SHARED_CACHE (gigabytes a tenant, 0),
/// COMFY_NODE_PACKS (a folder of node packs, none), COMFY_MODEL_CACHE_GIGABYTES (what fetched models may take, no limit),
/// COMFY_HEALTH_FILE (/tmp/alive), COMFY_LIMITS (of tenants without their own, as `pending=100 running=2`, none), COMFY_DEPLOYMENT (whose metrics are written with the log, none).
///
/// @param modelCache where model files are kept that were fetched
/// @param healthFile renewed while jobs can be taken
/// @param packs where node packs are besides the class path
/// @param limits those of tenants that have none of their own
/// @param deployment the deployment whose metrics are written; null: none are
record ContainerSettings(
        ProcessSettings process,
        ModelCache modelCache,
        PackSources packs,
        Path healthFile,
        Limits limits,
        @Nullable String deployment) {
    /// @param mostBytes what the files in it may take together
    record ModelCache(Path folder, long mostBytes) {}

    static ContainerSettings of(Map<String, String> environment) {
        ProcessSettings standard = ProcessSettings.standard();
        ProcessSettings process =
                new ProcessSettings(
                        number(environment, "COMFY_RUNNERS", standard.runners()),
                        standard.jobs(),
                        number(environment, "COMFY_MAX_MESSAGE", standard.maxMessage()),
                        flag(environment, "COMFY_METADATA", standard.metadata()),
                        previews(environment.getOrDefault("COMFY_PREVIEWS", "none")),
                        new TorchSettings(device(environment), 0),
                        number(environment, "COMFY_LOADED_MODELS", standard.loadedModels()),
                        caching(environment),
                        Duration.ofSeconds(
                                number(
                                        environment,
                                        "COMFY_LONGEST_WAIT",
                                        (int) standard.longestWait().toSeconds())));
        return new ContainerSettings(
                process,
                modelCache(environment),
                packs(environment.get("COMFY_NODE_PACKS")),
                Path.of(environment.getOrDefault("COMFY_HEALTH_FILE", "/tmp/alive")),
                Limits.parse(environment.getOrDefault("COMFY_LIMITS", "")),
                environment.get("COMFY_DEPLOYMENT"));
    }

    private static ModelCache modelCache(Map<String, String> environment) {
        long gigabytes = number(environment, "COMFY_MODEL_CACHE_GIGABYTES", 0);
        return new ModelCache(
                Path.of(environment.getOrDefault("COMFY_MODEL_CACHE", "/tmp/models")),
                gigabytes == 0 ? Long.MAX_VALUE : gigabytes << 30);
    }

    private static PackSources packs(@Nullable String folder) {
        return folder == null ? PackSources.CLASS_PATH : PackSources.in(Path.of(folder));
    }

    private static CacheSettings caching(Map<String, String> environment) {
        CacheMode mode = CacheMode.parse(environment.getOrDefault("COMFY_CACHE", "classic"));
        long shared = (long) number(environment, "COMFY_SHARED_CACHE", 0) << 30;
        return CacheSettings.standard().withMode(mode).withShared(shared);
    }

    private static int number(Map<String, String> environment, String name, int preset) {
        String text = environment.get(name);
        if (text == null) {
            return preset;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " is no number: \"" + text + "\"", e);
        }
    }

    private static boolean flag(Map<String, String> environment, String name, boolean preset) {
        return switch (environment.getOrDefault(name, Boolean.toString(preset))) {
            case "true" -> true;
            case "false" -> false;
            case String other ->
                    throw new IllegalArgumentException(
                            name + " is true or false, not \"" + other + "\"");
        };
    }

    private static Device device(Map<String, String> environment) {
        return switch (environment.getOrDefault("COMFY_DEVICE", "cpu")) {
            case "cpu" -> Device.CPU;
            case "cuda" -> Device.CUDA;
            case String other ->
                    throw new IllegalArgumentException(
                            "COMFY_DEVICE is cpu or cuda, not \"" + other + "\"");
        };
    }

    private static PreviewMethod previews(String word) {
        return switch (word) {
            case "none" -> PreviewMethod.NONE;
            case "latent2rgb" -> PreviewMethod.LATENT2RGB;
            default ->
                    throw new IllegalArgumentException(
                            "COMFY_PREVIEWS is none or latent2rgb, not \"" + word + "\"");
        };
    }
}
