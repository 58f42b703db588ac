package comfyserverless.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.diffusion.clip.ClipPrecision;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.goldens.TestTorch;
import comfyserverless.diffusion.goldens.TinyCheckpoint;
import comfyserverless.diffusion.sampling.NoiseModel;
import comfyserverless.diffusion.text.Embeddings;
import comfyserverless.diffusion.text.Prompt;
import comfyserverless.diffusion.text.PromptEncoding;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.torch.TorchException;
import comfyserverless.diffusion.weights.MemoryBudget;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.NotEnoughMemoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints of any width load and draw; what cannot be used is refused in words, and nothing brings the process down.
class CheckpointsTest {

    private static final String UNET = "model.diffusion_model.";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void a_checkpoint_of_unusual_widths_draws_at_odd_sizes() throws IOException {
        try (Checkpoint checkpoint = load(new TinyCheckpoint(), false)) {
            HostTensor noise = predict(checkpoint, latent("a", 1, 5, 7), 500);
            assertThat(noise.shape()).containsExactly(1, 4, 5, 7);
            HostTensor picture = checkpoint.vae().orElseThrow().decode(noise);
            assertThat(picture.shape()).containsExactly(1, 40, 56, 3);
            assertThat(checkpoint.vae().orElseThrow().encode(picture).shape())
                    .containsExactly(1, 4, 5, 7);
        }
    }

    @Test
    void each_item_of_a_batch_comes_out_as_it_would_alone() throws IOException {
        try (Checkpoint checkpoint = load(new TinyCheckpoint(), false)) {
            HostTensor a = latent("a", 1, 4, 4);
            HostTensor b = latent("b", 1, 4, 4);
            float[] both = Arrays.copyOf(a.data(), 128);
            System.arraycopy(b.data(), 0, both, 64, 64);
            HostTensor together = predict(checkpoint, new HostTensor(both, 2, 4, 4, 4), 900, 20);
            float[] first = Arrays.copyOfRange(together.data(), 0, 64);
            float[] second = Arrays.copyOfRange(together.data(), 64, 128);
            HostTensor aloneA = predict(checkpoint, a, 900);
            HostTensor aloneB = predict(checkpoint, b, 20);
            assertThat(Agreement.difference(first, aloneA.data())).isLessThan(1e-5);
            assertThat(Agreement.difference(second, aloneB.data())).isLessThan(1e-5);
        }
    }

    @Test
    void a_file_in_half_precision_predicts_nearly_the_same() throws IOException {
        HostTensor x = latent("a", 1, 4, 4);
        HostTensor full;
        HostTensor half;
        try (Checkpoint checkpoint = load(new TinyCheckpoint(), false)) {
            full = predict(checkpoint, x, 500);
        }
        try (Checkpoint checkpoint = load(new TinyCheckpoint(), true)) {
            half = predict(checkpoint, x, 500);
        }
        assertThat(half).isNotEqualTo(full);
        assertThat(Agreement.difference(half.data(), full.data())).isLessThan(5e-3);
    }

    @Test
    void progress_rises_from_nothing_to_all() throws IOException {
        List<Double> fractions = new ArrayList<>();
        Path file = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"), false);
        checkpoints(Path.of("/"))
                .load(file, (message, fraction) -> fractions.add(fraction))
                .close();
        assertThat(fractions).isSorted().startsWith(0.0).endsWith(1.0);
    }

    @Test
    void clip_skip_beyond_the_layers_gives_the_last_one() throws IOException {
        try (Checkpoint checkpoint = load(new TinyCheckpoint(), false)) {
            Prompt prompt = Prompt.of("a cat");
            PromptEncoding last =
                    checkpoint.clip().encode(prompt, OptionalInt.of(-1), Embeddings.NONE);
            assertThat(checkpoint.clip().encode(prompt, OptionalInt.of(-2), Embeddings.NONE))
                    .isEqualTo(last);
        }
    }

    @Test
    void a_model_used_after_it_was_closed_says_so() throws IOException {
        Checkpoint closed = load(new TinyCheckpoint(), false);
        closed.close();
        closed.close();
        assertThatThrownBy(() -> predict(closed, latent("a", 1, 4, 4), 500))
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("has been freed");
    }

    @Test
    void closing_one_checkpoint_leaves_another_of_the_same_file_whole() throws IOException {
        Path file = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"), false);
        Checkpoint first = checkpoints(Path.of("/")).load(file, ProgressListener.SILENT);
        try (Checkpoint second = checkpoints(Path.of("/")).load(file, ProgressListener.SILENT)) {
            HostTensor before = predict(second, latent("a", 1, 4, 4), 500);
            first.close();
            assertThat(predict(second, latent("a", 1, 4, 4), 500)).isEqualTo(before);
        }
    }

    @Test
    void a_prompt_encoded_by_another_model_is_refused() throws IOException {
        try (Checkpoint checkpoint = load(new TinyCheckpoint(), false)) {
            NoiseModel.Context wide =
                    new NoiseModel.Context(HostTensor.zeros(1, 77, 768), Map.of());
            assertThatThrownBy(() ->
                            checkpoint.model().predict(latent("a", 1, 4, 4), new float[] {1}, wide))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("64 wide, but got 768");
        }
    }

    @Test
    void latents_with_the_wrong_channels_are_refused() throws IOException {
        try (Checkpoint checkpoint = load(new TinyCheckpoint(), false)) {
            assertThatThrownBy(() -> predict(checkpoint, HostTensor.zeros(1, 16, 4, 4), 1))
                    .hasMessageContaining("latents of 4 channels, not HostTensor[1, 16, 4, 4]");
            assertThatThrownBy(() ->
                            checkpoint.vae().orElseThrow().decode(HostTensor.zeros(1, 16, 4, 4)))
                    .hasMessageContaining("4 latent channels");
        }
    }

    @Test
    void a_missing_file_is_named() {
        assertThatThrownBy(() ->
                        checkpoints(Path.of("/"))
                                .load(folder.resolve("no.safetensors"), ProgressListener.SILENT))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("no.safetensors: there is no such file");
    }

    @Test
    void a_missing_tensor_is_named() {
        String name = UNET + "middle_block.1.transformer_blocks.0.attn2.to_k.weight";
        assertRefused(new TinyCheckpoint().without(name), "lacks the tensor " + name);
    }

    @Test
    void a_checkpoint_may_lack_its_autoencoder_and_its_text_encoder() throws IOException {
        TinyCheckpoint network =
                new TinyCheckpoint().without("first_stage_model.").without("cond_stage_model.");
        try (Checkpoint checkpoint = load(network, false)) {
            assertThat(checkpoint.vae()).isEmpty();
            assertThat(checkpoint.text()).isEmpty();
            assertThat(predict(checkpoint, latent("a", 1, 4, 4), 500).data())
                    .doesNotContain(Float.NaN);
        }
    }

    @Test
    void a_network_with_a_vector_of_unknown_width_is_refused() {
        assertRefused(
                new TinyCheckpoint().with(UNET + "label_emb.0.0.weight", 64, 8),
                "vectors of 8 numbers for prompts");
    }

    @Test
    void a_family_that_cannot_be_run_is_called_by_its_name() {
        assertRefused(
                new TinyCheckpoint()
                        .without(UNET)
                        .with(UNET + "joint_blocks.0.x_block.attn.qkv.weight", 8, 8),
                "a model of Stable Diffusion 3");
    }

    @Test
    void an_unknown_file_hears_which_keys_were_looked_for() {
        assertRefused(
                new TinyCheckpoint().without("").with("lora_unet_x.lora_up.weight", 1),
                "model.diffusion_model.input_blocks.*",
                "conditioner.embedders.",
                "lora_unet_x.lora_up.weight",
                "a LoRA");
    }

    @Test
    void widths_that_the_heads_do_not_divide_are_refused() {
        assertRefused(
                new TinyCheckpoint()
                        .with(
                                UNET + "middle_block.1.transformer_blocks.0.attn1.to_q.weight",
                                63,
                                64),
                "63 wide, which 8 attention heads do not divide");
    }

    @Test
    void a_tensor_of_the_wrong_shape_fails_in_words_and_leaves_the_device_usable()
            throws IOException {
        TinyCheckpoint broken = new TinyCheckpoint().with(UNET + "out.2.weight", 4, 31, 3, 3);
        try (Checkpoint checkpoint = load(broken, false)) {
            assertThatThrownBy(() -> predict(checkpoint, latent("a", 1, 4, 4), 500))
                    .isInstanceOf(TorchException.class)
                    .hasMessageContaining("unet.py.head");
        }
        try (Checkpoint sound = load(new TinyCheckpoint(), false)) {
            assertThat(predict(sound, latent("a", 1, 4, 4), 500).data()).doesNotContain(Float.NaN);
        }
    }

    @Test
    void a_model_beyond_the_memory_left_is_refused_before_it_is_loaded() throws IOException {
        Path meminfo = folder.resolve("proc").resolve("meminfo");
        Files.createDirectories(meminfo.getParent());
        Files.writeString(meminfo, "MemAvailable: 1000 kB\n");
        Path file = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"), false);
        assertThatThrownBy(() -> checkpoints(folder).load(file, ProgressListener.SILENT))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("but only 0 MiB is free");
    }

    @Test
    void a_picture_beyond_the_memory_left_is_refused_and_a_smaller_one_drawn() throws IOException {
        Path meminfo = folder.resolve("proc").resolve("meminfo");
        Files.createDirectories(meminfo.getParent());
        Files.writeString(meminfo, "MemAvailable: 400000 kB\n");
        Path file = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"), false);
        try (Checkpoint checkpoint = checkpoints(folder).load(file, ProgressListener.SILENT)) {
            HostTensor large = HostTensor.zeros(1, 4, 512, 512);
            assertThatThrownBy(() -> checkpoint.vae().orElseThrow().decode(large))
                    .isInstanceOf(NotEnoughMemoryException.class)
                    .hasMessageStartingWith(
                            "decoding a picture of 4096 × 4096 takes about 8,192 MiB")
                    .hasMessageContaining("only 390 MiB is free");
            assertThatThrownBy(() -> predict(checkpoint, large, 500))
                    .isInstanceOf(NotEnoughMemoryException.class)
                    .hasMessageStartingWith(
                            "a step over 1 latents of 512 × 512 takes about 800 MiB");
            assertThat(checkpoint.vae().orElseThrow().decode(latent("a", 2, 2, 2)).shape())
                    .containsExactly(2, 16, 16, 3);
        }
    }

    @Test
    void a_file_with_damaged_bytes_is_used_or_refused_but_never_crashes() throws IOException {
        Path file = new TinyCheckpoint().write(folder.resolve("tiny.safetensors"), false);
        byte[] sound = Files.readAllBytes(file);
        Random random = new Random(7);
        int refused = 0;
        for (int i = 0; i < 60; i++) {
            byte[] damaged = sound.clone();
            for (int j = 0; j < 3; j++) {
                damaged[random.nextInt(20_000)] = (byte) random.nextInt(256);
            }
            Path copy = Files.write(folder.resolve("damaged" + i + ".safetensors"), damaged);
            try (Checkpoint checkpoint =
                    checkpoints(Path.of("/")).load(copy, ProgressListener.SILENT)) {
                assertThat(checkpoint.need().total()).isPositive();
            } catch (ModelFileException e) {
                assertThat(e).hasMessageStartingWith("damaged" + i + ".safetensors: ");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }

    private void assertRefused(TinyCheckpoint checkpoint, String... reasons) {
        assertThatThrownBy(() -> load(checkpoint, false).close())
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("tiny.safetensors: ")
                .hasMessageContainingAll(reasons);
    }

    private Checkpoint load(TinyCheckpoint checkpoint, boolean half) throws IOException {
        Path folderOfItsOwn = Files.createTempDirectory(folder, "models");
        Path file = checkpoint.write(folderOfItsOwn.resolve("tiny.safetensors"), half);
        return checkpoints(Path.of("/")).load(file, ProgressListener.SILENT);
    }

    private static Checkpoints checkpoints(Path root) {
        return new Checkpoints(TestTorch.cpu(), new MemoryBudget(root), ClipPrecision.FP16);
    }

    private static HostTensor predict(Checkpoint checkpoint, HostTensor x, float... timesteps) {
        HostTensor text = SyntheticTensors.tensor("text", 1, 0, 1, 77, 64);
        float[] repeated = new float[timesteps.length * text.data().length];
        for (int i = 0; i < timesteps.length; i++) {
            System.arraycopy(text.data(), 0, repeated, i * text.data().length, text.data().length);
        }
        HostTensor context = new HostTensor(repeated, timesteps.length, 77, 64);
        return checkpoint.model().predict(x, timesteps, new NoiseModel.Context(context, Map.of()));
    }

    private static HostTensor latent(String name, long batch, long height, long width) {
        return SyntheticTensors.tensor(name, 1.7f, 0, batch, 4, height, width);
    }
}
