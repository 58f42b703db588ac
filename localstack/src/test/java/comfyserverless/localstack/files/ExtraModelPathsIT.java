package comfyserverless.localstack.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtraModelPathsIT {
    @TempDir private Path comfyui;

    @Test
    void folders_come_after_the_known_ones_below_their_base() throws IOException {
        Path known = comfyui.resolve("models/checkpoints");
        Map<String, List<Path>> all =
                add(
                        Map.of("checkpoints", List.of(known)),
                        """
                        a111:
                            base_path: /webui
                            checkpoints: models/Stable-diffusion
                            loras: |
                                models/Lora
                                models/LyCORIS
                            unet: models/unet
                        """);
        assertThat(all.get("checkpoints"))
                .containsExactly(known, Path.of("/webui/models/Stable-diffusion"));
        assertThat(all.get("loras"))
                .containsExactly(Path.of("/webui/models/Lora"), Path.of("/webui/models/LyCORIS"));
        assertThat(all.get("diffusion_models")).containsExactly(Path.of("/webui/models/unet"));
    }

    @Test
    void a_default_section_comes_first_and_a_relative_base_is_the_files_own_folder()
            throws IOException {
        Path known = comfyui.resolve("models/vae");
        Map<String, List<Path>> all =
                add(
                        Map.of("vae", List.of(known)),
                        """
                        shared:
                            base_path: extra
                            is_default: true
                            vae: vae
                        """);
        assertThat(all.get("vae")).containsExactly(comfyui.resolve("extra/vae"), known);
    }

    @Test
    void without_a_file_nothing_changes() {
        Map<String, List<Path>> roots = Map.of("vae", List.of(comfyui));
        assertThat(ExtraModelPaths.add(roots, comfyui.resolve(ExtraModelPaths.FILE)))
                .isEqualTo(roots);
    }

    @Test
    void what_is_no_yaml_is_refused_by_name() {
        assertThatThrownBy(() -> add(Map.of(), "a: [1, 2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(ExtraModelPaths.FILE);
    }

    private Map<String, List<Path>> add(Map<String, List<Path>> roots, String yaml)
            throws IOException {
        Path file = comfyui.resolve(ExtraModelPaths.FILE);
        Files.writeString(file, yaml);
        return ExtraModelPaths.add(roots, file);
    }
}
