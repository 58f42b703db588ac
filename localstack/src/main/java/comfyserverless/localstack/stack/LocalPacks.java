package comfyserverless.localstack.stack;

import comfyserverless.contract.pack.PackSources;
import comfyserverless.localstack.settings.LocalSettings;
import comfyserverless.localstack.start.CannotStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Where this start's node packs are: those of `--node-packs`, and for `--conformance` what the recorded server had.
final class LocalPacks {
    private LocalPacks() {}

    /// Where they are.
    ///
    /// @param home the folder of the local stack in the source tree
    static PackSources of(LocalSettings.Extras extras, Path home) {
        Path folder = extras.nodePacks();
        PackSources sources = folder == null ? PackSources.CLASS_PATH : PackSources.in(folder);
        return extras.conformance() ? sources.and(recorded(home)) : sources;
    }

    private static List<Path> recorded(Path home) {
        Path module = home.resolveSibling("gpu-runner").resolve("testing-nodes");
        Path classes = module.resolve("target/classes");
        if (!Files.isDirectory(classes)) {
            throw new CannotStart(
                    "--conformance needs the testing nodes, and "
                            + classes
                            + " is not there; start by localstack/run, which builds them.");
        }
        return List.of(classes, module.resolve("src/conformance/custom_nodes/conform-templates"));
    }
}
