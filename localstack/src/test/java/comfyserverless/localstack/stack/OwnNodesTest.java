package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.pack.PackSources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OwnNodesTest {
    private static final int TOO_LARGE = 4 * 1024 * 1024 + 1;

    @Test
    void one_sentence_tells_of_each_file_of_a_pack_that_pages_cannot_get(@TempDir Path folder)
            throws IOException {
        Path web = Files.createDirectories(folder.resolve("glow/web"));
        Files.writeString(web.resolve("glow.js"), "// glow");
        Files.write(web.resolve("film.mp4"), new byte[TOO_LARGE]);
        List<String> heard = new ArrayList<>();
        try (OwnNodes nodes = OwnNodes.with(PackSources.in(folder))) {
            nodes.publishIn(new InMemoryPorts().ports().catalogues(), heard::add);
        }
        assertThat(heard)
                .singleElement()
                .asString()
                .startsWith("Pages do not get web/film.mp4 of the node pack glow: ");
    }
}
