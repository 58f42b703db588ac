package comfyserverless.diffusion.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Goldens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// UNets in the layout of the diffusers library get the names of original checkpoints that ComfyUI gives them: Stable
/// Diffusion 1, XL, its refiner.
class GoldenNamesTest {

    @TempDir static Path folder;

    @TestFactory
    Stream<DynamicTest> of_unets_of_the_diffusers_library() {
        return Goldens.ownJson("weights/keymaps")
                .path("unet_diffusers_to_ldm")
                .properties()
                .stream()
                .map(model -> DynamicTest.dynamicTest(model.getKey(), () -> check(model)));
    }

    private static void check(Map.Entry<String, JsonNode> model) throws IOException {
        List<String> theirs = new ArrayList<>();
        List<String> ours = new ArrayList<>();
        for (Map.Entry<String, JsonNode> name : model.getValue().properties()) {
            if (!name.getKey().startsWith("class_embedding.")) { // the same tensors by another name
                theirs.add(name.getKey());
                ours.add(name.getValue().asText());
            }
        }
        Path file = folder.resolve(model.getKey() + ".safetensors");
        StateDict named = StateDict.read(MarkerFile.empty(theirs, file));
        assertThat(DiffusersNames.unet(named).names()).containsExactlyInAnyOrderElementsOf(ours);
    }
}
