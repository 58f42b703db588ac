package comfyserverless.contract.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderModelsTest extends ModelsContract {
    @TempDir private static Path shared;

    private Path root = shared;
    private Models models = FolderModels.of(shared);

    @BeforeEach
    void open() throws IOException {
        root = Files.createTempDirectory(shared, "models");
        models = FolderModels.of(root);
    }

    @Override
    protected Models holding(Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return models;
    }

    private Path file(String name) throws IOException {
        Path path = root.resolve(name);
        Files.createDirectories(path.getParent());
        return Files.writeString(path, "0123456789");
    }

    private List<String> names(String folder) {
        return models.list("tenant", folder).stream().map(ModelFile::name).toList();
    }

    @Test
    void what_git_keeps_is_no_model() throws IOException {
        file("checkpoints/a.safetensors");
        file("checkpoints/.git/hidden.safetensors");
        assertThat(names("checkpoints")).containsExactly("a.safetensors");
    }

    @Test
    void a_root_that_does_not_exist_is_refused() throws IOException {
        ModelFile file = new ModelFile("vae", "a.safetensors", 9, 1, Instant.EPOCH);
        assertThatThrownBy(() -> models.read("tenant", file, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("root=9");
    }

    @Test
    void links_are_followed_and_loops_are_not() throws IOException {
        file("elsewhere/linked.safetensors");
        Path loras = Files.createDirectories(root.resolve("loras"));
        Files.createSymbolicLink(loras.resolve("more"), root.resolve("elsewhere"));
        Files.createSymbolicLink(loras.resolve("self"), loras);
        assertThat(names("loras")).containsExactly("more/linked.safetensors");
    }

    @Test
    void the_earlier_of_two_roots_counts() throws IOException {
        file("clip/both.safetensors");
        file("text_encoders/both.safetensors");
        file("clip/only.safetensors");
        assertThat(names("text_encoders")).containsExactly("both.safetensors", "only.safetensors");
        assertThat(models.list("tenant", "text_encoders"))
                .extracting(ModelFile::root)
                .containsExactly(0, 1);
    }

    @Test
    void further_roots_come_after_the_first() throws IOException {
        file("other/extra.safetensors");
        Map<String, List<Path>> roots = FolderModels.roots(root);
        List<Path> loras = new ArrayList<>(roots.getOrDefault("loras", List.of()));
        loras.add(root.resolve("other"));
        roots.put("loras", loras);
        models = new FolderModels(roots);
        ModelFile file = models.find("tenant", "loras", "extra.safetensors").orElseThrow();
        assertThat(file.root()).isEqualTo(1);
        assertThat(models.local("tenant", file, (bytes, of) -> {}))
                .isEqualTo(root.resolve("other/extra.safetensors"));
    }

    @Test
    void a_folder_shows_what_ComfyUIs_rules_for_it_say() {
        assertThat(shows("classifiers", "plain")).isTrue();
        assertThat(shows("classifiers", "a.bin")).isFalse();
        assertThat(shows("checkpoints", ".safetensors")).isFalse();
        assertThat(shows("diffusers", "folder")).isFalse();
    }

    private static boolean shows(String folder, String name) {
        ModelFolders.Folder rules = ModelFolders.all().get(folder);
        return rules != null && rules.shows(name);
    }
}
