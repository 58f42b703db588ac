package comfyserverless.contract.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackPublicationTest {
    private static final int LARGEST = 4 * 1024 * 1024;

    @TempDir private Path folder;

    private PackPublication published() {
        try (Packs packs = Packs.load(PackSources.in(folder), Set.of(), Packs.FOR_FUNCTIONS)) {
            return PackPublication.of(List.of(), packs);
        }
    }

    private void holds(String path, int bytes) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[bytes]);
    }

    @Test
    void what_fits_is_published_whole() throws IOException {
        holds("glow/web/glow.js", 7);
        holds("glow/web/film.mp4", LARGEST);
        PackPublication all = published();
        assertThat(all.files().values()).extracting(bytes -> bytes.length).contains(7, LARGEST);
        assertThat(all.leftOut()).isEmpty();
    }

    @Test
    void what_is_too_large_is_named_with_its_size_the_limit_and_what_to_do() throws IOException {
        holds("glow/web/glow.js", 7);
        holds("glow/web/film.mp4", LARGEST + 1);
        holds("haze/docs/film.mp4", 5_000_000);
        PackPublication all = published();
        assertThat(all.files().values()).extracting(bytes -> bytes.length).containsOnly(7);
        assertThat(all.leftOut())
                .containsExactly(
                        new PackPublication.LeftOut("glow", "web/film.mp4", LARGEST + 1),
                        new PackPublication.LeftOut("haze", "docs/film.mp4", 5_000_000));
        assertThat(all.leftOut().getFirst().sentence())
                .contains("web/film.mp4", "node pack glow", "4194305", "4194304", "split it");
    }
}
