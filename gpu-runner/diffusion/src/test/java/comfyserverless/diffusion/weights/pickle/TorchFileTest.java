package comfyserverless.diffusion.weights.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.Scope;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Files that PyTorch wrote (`pickled/make.py`): their tensors come out as they went in, and nothing else does.
class TorchFileTest {

    private static final Torch TORCH = TestTorch.cpu();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"zip.pth", "wrapped.pth", "old.ckpt"})
    void tensors_come_out_as_they_went_in(String name) throws IOException {
        StateDict dict = StateDict.read(file(name));

        assertThat(dict.names())
                .containsExactlyInAnyOrder(
                        "whole", "turned", "part", "half", "brain", "parameter", "scalar");
        assertThat(tensor(dict, "whole").shape()).containsExactly(3, 4);
        assertThat(tensor(dict, "whole").data())
                .containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
        assertThat(tensor(dict, "turned").shape()).containsExactly(4, 3);
        assertThat(tensor(dict, "turned").data())
                .containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
        assertThat(tensor(dict, "part").data()).containsExactly(5, 6, 7);
        assertThat(tensor(dict, "half").data()).containsExactly(1, -2, 0.5f);
        assertThat(tensor(dict, "brain").data()).containsExactly(1, -2, 0.5f);
        assertThat(tensor(dict, "parameter").data()).containsExactly(7);
        assertThat(tensor(dict, "scalar").data()).containsExactly(3.5f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"runs.pth", "runs-old.pth"})
    void a_file_that_names_code_is_refused_by_that_name(String name) throws IOException {
        Path file = file(name);

        assertThatThrownBy(() -> StateDict.read(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessage(
                        "%s: the pickled file cannot be read: it names posix.system, which belongs to no file of tensors",
                        name);
    }

    /// The tensors' bytes end the old layout; in an archive its directory does.
    @ParameterizedTest
    @ValueSource(strings = {"zip.pth", "old.ckpt"})
    void a_file_that_was_cut_off_is_refused_wherever_it_ends(String name) throws IOException {
        Path whole = file(name);
        byte[] bytes = Files.readAllBytes(whole);
        for (int length = 4; length < bytes.length; length += 37) {
            Path cut = folder.resolve("cut-" + name);
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> StateDict.read(cut))
                    .as("%s cut to %d bytes", name, length)
                    .isInstanceOf(ModelFileException.class);
        }
    }

    /// Whatever a damaged byte makes of the file, it is read or refused, and never more than that.
    @Test
    void a_damaged_file_is_read_or_refused() throws IOException {
        byte[] bytes = Files.readAllBytes(file("old.ckpt"));
        Path damaged = folder.resolve("damaged.ckpt");
        int refused = 0;
        for (int place = 4; place < bytes.length; place++) {
            byte[] other = bytes.clone();
            other[place] ^= 0x55;
            Files.write(damaged, other);
            try {
                StateDict.read(damaged);
            } catch (ModelFileException e) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(bytes.length / 10);
    }

    private Path file(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in =
                Objects.requireNonNull(
                        TorchFileTest.class.getResourceAsStream("/pickled/" + name), name)) {
            Files.copy(in, file);
        }
        return file;
    }

    private static HostTensor tensor(StateDict dict, String name) {
        return TORCH.call(() -> {
            try (Scope scope = TORCH.scope();
                    Weights weights = Weights.open(TORCH, dict, DType.F32)) {
                return scope.take(weights.get(name)).toHost();
            }
        });
    }
}
