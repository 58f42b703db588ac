package comfyserverless.contract.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderModelsTest {
    @TempDir private static Path shared;

    private Path root = shared;
    private Models models = FolderModels.of(shared);

    @BeforeEach
    void open() throws IOException {
        root = Files.createTempDirectory(shared, "models");
        models = FolderModels.of(root);
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
    void weights_are_listed_with_their_subfolders_in_the_order_of_their_text() throws IOException {
        for (String name : List.of("b.safetensors", "Z.ckpt", "sub/a.PT", "note.txt", "x.yaml")) {
            file("checkpoints/" + name);
        }
        file("checkpoints/.git/hidden.safetensors");
        assertThat(names("checkpoints")).containsExactly("Z.ckpt", "b.safetensors", "sub/a.PT");
        assertThat(names("loras")).isEmpty();
        assertThat(names("unknown")).isEmpty();
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
    void a_name_may_be_written_with_either_slash() throws IOException {
        file("vae/sub/a.safetensors");
        assertThat(models.find("tenant", "vae", "sub\\a.safetensors")).isPresent();
        assertThat(models.find("tenant", "vae", "../vae/sub/a.safetensors")).isEmpty();
    }

    @Test
    void a_part_of_a_file_is_read() throws IOException {
        file("vae/a.safetensors");
        ModelFile file = models.find("tenant", "vae", "a.safetensors").orElseThrow();
        assertThat(file.size()).isEqualTo(10);
        try (InputStream part = models.read("tenant", file, 3, 4)) {
            assertThat(new String(part.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("3456");
        }
        assertThatThrownBy(() ->
                        models.read(
                                "tenant", new ModelFile("vae", "a", 9, 1, file.modified()), 0, 1))
                .isInstanceOf(IllegalArgumentException.class);
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
