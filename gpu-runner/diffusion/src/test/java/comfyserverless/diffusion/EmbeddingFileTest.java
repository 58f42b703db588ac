package comfyserverless.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.diffusion.goldens.SyntheticEmbeddings;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.TestTorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Textual inversions are read from their files; what cannot be read is as if it were not there.
class EmbeddingFileTest {

    @TempDir Path folder;

    @Test
    void the_only_tensor_is_the_embedding_of_every_encoder() {
        float[][] recorded = new SyntheticEmbeddings().find("tiembed", "clip_l", 768).orElseThrow();
        assertThat(
                        EmbeddingFile.vectors(
                                TestTorch.cpu(), SyntheticModels.file("ti-embed"), "clip_l"))
                .hasValueSatisfying(vectors -> assertThat(vectors).isDeepEqualTo(recorded));
    }

    @Test
    void a_file_that_is_none_gives_nothing() throws IOException {
        Path file = Files.writeString(folder.resolve("page.safetensors"), "<html>no</html>");
        assertThat(EmbeddingFile.vectors(TestTorch.cpu(), file, "clip_l")).isEmpty();
    }
}
