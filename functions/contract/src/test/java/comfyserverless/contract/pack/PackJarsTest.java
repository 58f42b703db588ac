package comfyserverless.contract.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Packs as their authors hand them out, jars in one folder.
class PackJarsTest {
    @TempDir private Path folder;

    private Packs load() {
        return Packs.load(PackSources.in(folder), Set.of("KSampler"), Packs.FOR_FUNCTIONS);
    }

    private static LoadedPack named(Packs packs, String name) {
        return packs.all().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    }

    private static String text(LoadedPack pack, String resource) throws IOException {
        try (InputStream in = pack.classes().getResourceAsStream(resource)) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void of_two_packs_with_one_node_class_the_first_stays_and_one_sentence_names_both()
            throws IOException {
        PackSource.of("glow", "Shine").jar(folder.resolve("a-glow.jar"));
        PackSource.of("haze", "Shine").jar(folder.resolve("b-haze.jar"));
        try (Packs packs = load()) {
            assertThat(packs.all()).extracting(LoadedPack::name).contains("glow");
            assertThat(packs.all()).extracting(LoadedPack::name).doesNotContain("haze");
            assertThat(packs.refused())
                    .singleElement()
                    .asString()
                    .contains("b-haze.jar", "Shine", "the node pack glow", "rename one of them");
        }
    }

    @Test
    void a_node_class_of_comfyui_is_not_replaced() throws IOException {
        PackSource.of("glow", "KSampler").jar(folder.resolve("glow.jar"));
        try (Packs packs = load()) {
            assertThat(packs.refused())
                    .singleElement()
                    .asString()
                    .contains("glow.jar", "KSampler", "ComfyUI's own nodes");
        }
    }

    @Test
    void of_two_packs_with_one_name_the_first_stays() throws IOException {
        PackSource.of("glow", "Shine").jar(folder.resolve("a.jar"));
        PackSource.of("glow", "Gleam").jar(folder.resolve("b.jar"));
        try (Packs packs = load()) {
            assertThat(named(packs, "glow").source()).isEqualTo("a.jar");
            assertThat(packs.refused()).singleElement().asString().contains("b.jar", "glow too");
        }
    }

    @Test
    void classes_and_files_of_one_path_are_each_packs_own() throws IOException {
        PackSource.of("glow", "Shine").with("web/a.js", "glow").jar(folder.resolve("glow.jar"));
        PackSource.of("haze", "Gleam").with("web/a.js", "haze").jar(folder.resolve("haze.jar"));
        try (Packs packs = load()) {
            assertThat(packs.refused()).isEmpty();
            for (String name : new String[] {"glow", "haze"}) {
                LoadedPack pack = named(packs, name);
                assertThat(text(pack, "web/a.js")).isEqualTo(name);
                Map<String, String> files = new TreeMap<>();
                PackContent.visit(
                        pack.places().getFirst(),
                        (path, bytes) ->
                                files.put(path, new String(bytes, StandardCharsets.UTF_8)));
                assertThat(files).containsExactly(Map.entry("web/a.js", name));
            }
            assertThat(named(packs, "glow").pack().getClass().getName())
                    .isEqualTo(named(packs, "haze").pack().getClass().getName());
        }
    }

    @Test
    void resources_are_there_until_the_pack_is_closed() throws IOException {
        PackSource.of("glow", "Shine").with("words.txt", "light").jar(folder.resolve("glow.jar"));
        Packs packs = load();
        LoadedPack glow = named(packs, "glow");
        assertThat(text(glow, "words.txt")).isEqualTo("light");
        packs.close();
        assertThat(text(glow, "words.txt")).isEmpty();
        assertThatThrownBy(() -> glow.classes().loadClass("test.Other"))
                .isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void a_pack_built_for_a_newer_version_says_what_to_build_against() throws IOException {
        PackSource newer =
                PackSource.of("glow", "Shine")
                        .with(
                                "comfyserverless/contract/pack/Newer.java",
                                "package comfyserverless.contract.pack;"
                                        + " public interface Newer extends NodePack {}");
        String pack = Objects.requireNonNull(newer.files().get("test/Pack.java"));
        newer.with(
                        "test/Pack.java",
                        pack.replace(
                                "implements NodePack",
                                "implements comfyserverless.contract.pack.Newer"))
                .jar(folder.resolve("glow.jar"), "comfyserverless/contract/pack/Newer.class");
        try (Packs packs = load()) {
            assertThat(packs.refused())
                    .singleElement()
                    .asString()
                    .contains("glow.jar", "contract/pack/Newer", "build it against this version");
        }
    }

    @Test
    void a_jar_that_was_cut_off_is_told_of_and_the_others_are_loaded() throws IOException {
        Path whole = PackSource.of("glow", "Shine").jar(folder.resolve("glow.jar"));
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(folder.resolve("half.jar"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        try (Packs packs = load()) {
            assertThat(packs.all()).extracting(LoadedPack::name).contains("glow");
            assertThat(packs.refused())
                    .singleElement()
                    .asString()
                    .contains("half.jar was left out", "build or copy it again");
        }
    }
}
