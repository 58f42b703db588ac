package comfyserverless.contract.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What [Models] do, wherever the files lie.
public abstract class ModelsContract {
    protected static final String TENANT = "tenant";

    /// The port over these files alone: `folder/name` → content.
    protected abstract Models holding(Map<String, byte[]> files) throws IOException;

    private Models holding(String... paths) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (String path : paths) {
            files.put(path, "0123456789".getBytes(StandardCharsets.UTF_8));
        }
        return holding(files);
    }

    private static List<String> names(Models models, String folder) {
        return models.list(TENANT, folder).stream().map(ModelFile::name).toList();
    }

    private static ModelFile found(Models models, String folder, String name) {
        Optional<ModelFile> file = models.find(TENANT, folder, name);
        assertThat(file).as(name).isPresent();
        return file.orElseThrow();
    }

    @Test
    void the_folders_stand_in_ComfyUIs_order_even_when_empty() throws IOException {
        assertThat(holding().folders()).containsExactlyElementsOf(ModelFolders.all().keySet());
    }

    @Test
    void files_are_listed_with_their_subfolders_in_the_order_of_their_code_points()
            throws IOException {
        Models models =
                holding(
                        "loras/b.safetensors",
                        "loras/sub/deep/a.PT",
                        "loras/Z.ckpt",
                        "loras/\uD83D\uDE00.pt",
                        "loras/\uFF21.pt",
                        "vae/other.safetensors");
        assertThat(names(models, "loras"))
                .containsExactly(
                        "Z.ckpt", "b.safetensors", "sub/deep/a.PT", "\uFF21.pt", "\uD83D\uDE00.pt");
        assertThat(names(models, "vae")).containsExactly("other.safetensors");
        assertThat(names(models, "clip_vision")).isEmpty();
        assertThat(names(models, "no-such-folder")).isEmpty();
    }

    @Test
    void a_folder_shows_only_the_kinds_of_files_it_is_for() throws IOException {
        Models models =
                holding(
                        "checkpoints/a.safetensors",
                        "checkpoints/note.txt",
                        "checkpoints/v1.yaml",
                        "configs/v1.yaml",
                        "configs/a.safetensors");
        assertThat(names(models, "checkpoints")).containsExactly("a.safetensors");
        assertThat(names(models, "configs")).containsExactly("v1.yaml");
        assertThat(models.find(TENANT, "checkpoints", "note.txt")).isEmpty();
    }

    @Test
    void a_file_says_where_it_is_and_how_large() throws IOException {
        Instant before = Instant.EPOCH;
        ModelFile file = found(holding("vae/sub/a.safetensors"), "vae", "sub/a.safetensors");
        assertThat(file.folder()).isEqualTo("vae");
        assertThat(file.name()).isEqualTo("sub/a.safetensors");
        assertThat(file.size()).isEqualTo(10);
        assertThat(file.modified()).isBetween(before, Instant.now().plusSeconds(5));
    }

    @Test
    void a_name_is_found_with_either_slash_and_only_inside_its_folder() throws IOException {
        Models models = holding("vae/sub/a.safetensors", "loras/b.safetensors");
        assertThat(found(models, "vae", "sub\\a.safetensors"))
                .isEqualTo(found(models, "vae", "sub/a.safetensors"));
        for (String other :
                List.of(
                        "a.safetensors",
                        "../loras/b.safetensors",
                        "sub/../sub/a.safetensors",
                        "")) {
            assertThat(models.find(TENANT, "vae", other)).as(other).isEmpty();
        }
        assertThat(models.find(TENANT, "no-such-folder", "a.safetensors")).isEmpty();
    }

    @Test
    void what_lies_beside_a_model_is_found_by_its_name_before_the_dot() throws IOException {
        Models models =
                holding(
                        "vae/sub/a.safetensors",
                        "vae/sub/a.png",
                        "vae/sub/a.preview.jpg",
                        "vae/sub/ab.png",
                        "vae/sub/a.d/x.png",
                        "vae/a.png",
                        "loras/sub/a.png");
        int root = found(models, "vae", "sub/a.safetensors").root();
        assertThat(models.beside(TENANT, "vae", root, "sub/a"))
                .extracting(ModelFile::name)
                .containsExactly("sub/a.png", "sub/a.preview.jpg", "sub/a.safetensors");
        assertThat(models.beside(TENANT, "vae", 7, "sub/a")).isEmpty();
        assertThat(models.beside(TENANT, "vae", root, "no/where")).isEmpty();
        assertThat(models.beside(TENANT, "vae", root, "../loras/sub/a")).isEmpty();
    }

    @Test
    void any_part_of_a_file_is_read() throws IOException {
        Models models = holding("vae/a.safetensors");
        ModelFile file = found(models, "vae", "a.safetensors");
        assertThat(part(models, file, 0, 10)).isEqualTo("0123456789");
        assertThat(part(models, file, 3, 4)).isEqualTo("3456");
        assertThat(part(models, file, 8, 100)).isEqualTo("89");
        assertThat(part(models, file, 10, 1)).isEmpty();
        assertThat(part(models, file, 0, 0)).isEmpty();
    }

    private static String part(Models models, ModelFile file, long from, long length)
            throws IOException {
        try (InputStream part = models.read(TENANT, file, from, length)) {
            return new String(part.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void a_file_lies_on_a_local_disk_when_asked_for() throws IOException {
        Models models = holding("checkpoints/sub/a.safetensors");
        ModelFile file = found(models, "checkpoints", "sub/a.safetensors");
        List<Long> fetched = new ArrayList<>();
        assertThat(models.local(TENANT, file, (bytes, of) -> fetched.add(bytes)))
                .hasContent("0123456789");
        assertThat(fetched).isSorted().allMatch(bytes -> bytes <= file.size());
        assertThat(Files.exists(models.local(TENANT, file, (bytes, of) -> {}))).isTrue();
    }

    @Test
    void a_file_that_is_gone_is_an_error_that_names_it() throws IOException {
        Models models = holding("vae/a.safetensors");
        ModelFile gone = new ModelFile("vae", "gone.safetensors", 0, 10, Instant.EPOCH);
        assertThatThrownBy(() -> part(models, gone, 0, 1))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("gone.safetensors");
    }
}
