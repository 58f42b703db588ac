package comfyserverless.contract.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PacksTest {
    @Test
    void a_jar_that_is_none_and_a_service_that_is_missing_leave_the_others_running(
            @TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("broken.jar"), "no jar");
        Path services = Files.createDirectories(folder.resolve("gone/META-INF/services"));
        Files.writeString(services.resolve(NodePack.class.getName()), "nowhere.Pack");
        Path script = Files.createDirectories(folder.resolve("whole/web")).resolve("a.js");
        Files.write(script, "//".getBytes(StandardCharsets.UTF_8));
        Packs packs = Packs.load(PackSources.in(folder), Set.of(), Packs.FOR_FUNCTIONS);
        assertThat(packs.all()).extracting(LoadedPack::name).contains("whole");
        assertThat(packs.refused())
                .anySatisfy(s -> assertThat(s).contains("The node pack broken.jar was left out"))
                .anySatisfy(s -> assertThat(s).contains("gone was left out", "nowhere.Pack"));
    }

    @Test
    void an_exception_in_a_constructor_is_named_with_its_line() {
        IllegalStateException own = new IllegalStateException("no licence file");
        assertThat(Packs.sentence("glow.jar", new ServiceConfigurationError("cannot make it", own)))
                .startsWith("The node pack glow.jar was left out: cannot make it (")
                .contains("no licence file", "at comfyserverless.contract.pack.PacksTest");
    }

    @Test
    void a_pack_for_another_version_is_told_what_to_build_against() {
        List<LinkageError> errors =
                List.of(new NoSuchMethodError("Image.gone()"), new NoClassDefFoundError("x/Y"));
        assertThat(errors)
                .allSatisfy(e ->
                        assertThat(Packs.sentence("glow.jar", e))
                                .contains("build it against this version of node-api"));
        assertThat(Packs.sentence("glow.jar", new UnsupportedClassVersionError("70.0")))
                .contains("compile it for Java");
    }
}
