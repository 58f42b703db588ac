package comfyserverless.runner.pack;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.pack.CompiledPack;
import comfyserverless.contract.pack.LoadedPack;
import comfyserverless.contract.pack.PackSource;
import comfyserverless.contract.pack.PackSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunnerPacksTest {
    @TempDir private Path folder;

    @BeforeEach
    void build() throws IOException {
        CompiledPack.jar(Path.of("src/test/resources/packs/curve"), folder.resolve("curve.jar"));
    }

    private RunnerPacks load() {
        return RunnerPacks.load(PackSources.in(folder), Set.of());
    }

    @Test
    void nodes_and_types_of_a_jar_are_there() {
        RunnerPacks packs = load();
        assertThat(packs.packs().refused()).isEmpty();
        assertThat(packs.nodes())
                .extracting(node -> node.definition().className())
                .contains("DrawCurve", "SketchCurve", "MeasureCurve");
        assertThat(packs.types().byOwner()).containsOnlyKeys("curve/CURVE");
        packs.packs().close();
    }

    @Test
    void a_pack_that_lacks_what_its_nodes_do_is_left_out_with_one_sentence() throws IOException {
        PackSource.of("glow", "Shine").jar(folder.resolve("glow.jar"));
        RunnerPacks packs = load();
        assertThat(packs.packs().refused())
                .singleElement()
                .asString()
                .contains("glow.jar", "PackNodes runs its node Shine");
        assertThat(packs.packs().all()).extracting(LoadedPack::name).contains("curve");
        packs.packs().close();
    }

    @Test
    void two_jars_with_one_node_class_leave_one_of_them_and_one_sentence() throws IOException {
        Files.copy(folder.resolve("curve.jar"), folder.resolve("curve-2.jar"));
        RunnerPacks packs = load();
        assertThat(packs.nodes())
                .filteredOn(node -> node.definition().className().equals("DrawCurve"))
                .hasSize(1);
        assertThat(packs.packs().refused()).singleElement().asString().contains("curve.jar");
        packs.packs().close();
    }

    @Test
    void a_pack_built_anew_is_another_version_of_what_it_makes() throws IOException {
        RunnerPacks before = load();
        String digest = before.packs().digest();
        before.packs().close();
        RunnerPacks again = load();
        assertThat(again.packs().digest()).isEqualTo(digest);
        again.packs().close();
        Files.createDirectories(folder.resolve("more/web"));
        Files.writeString(folder.resolve("more/web/a.js"), "//");
        RunnerPacks after = load();
        assertThat(after.packs().digest()).isNotEqualTo(digest);
        after.packs().close();
    }
}
