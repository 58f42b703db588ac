package comfyserverless.localstack.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What docs/adding-a-node.md prints is what `example-nodes` is made of.
class NodeGuideTest {
    private static final Path GUIDE = Path.of("..", "docs", "adding-a-node.md");
    private static final Path SOURCES =
            Path.of("example-nodes/src/main/java/comfyserverless/vignette");

    @ParameterizedTest
    @ValueSource(strings = {"VignettePack.java", "VignetteNodes.java"})
    void the_guide_prints_the_pack_as_it_is(String file) throws IOException {
        String source = Files.readString(SOURCES.resolve(file));
        assertThat(Files.readString(GUIDE)).contains("```java\n" + source + "```");
        assertThat(source.lines()).hasSizeLessThan(60);
    }
}
