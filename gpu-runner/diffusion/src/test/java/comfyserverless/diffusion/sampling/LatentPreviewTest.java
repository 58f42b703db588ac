package comfyserverless.diffusion.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.diffusion.torch.HostTensor;
import org.junit.jupiter.api.Test;

class LatentPreviewTest {

    @Test
    void an_empty_latent_is_mid_grey() {
        LatentPreview preview = LatentPreview.of(LatentFormat.SD15, HostTensor.zeros(1, 4, 2, 3));
        assertThat(preview.width()).isEqualTo(3);
        assertThat(preview.height()).isEqualTo(2);
        assertThat(preview.rgb()).hasSize(18).containsOnly(127);
    }

    @Test
    void a_channel_has_its_colour_and_bright_ones_end_at_white() {
        float[] z = {1, 0, 100, 0, 0, 0, 0, 0};
        LatentPreview preview = LatentPreview.of(LatentFormat.SD15, new HostTensor(z, 1, 4, 1, 2));
        // (0.3512 + 1) / 2 · 255 = 172.3, and so on; the second pixel is empty, the first has
        // channel 1 at 100
        assertThat(preview.rgb()).containsExactly(255, 255, 255, 127, 127, 127);
    }

    @Test
    void only_the_first_item_of_a_batch_is_shown() {
        float[] z = new float[8];
        z[0] = 1;
        z[4] = -50;
        LatentPreview preview = LatentPreview.of(LatentFormat.SD15, new HostTensor(z, 2, 4, 1, 1));
        assertThat(preview.rgb()).containsExactly(172, 156, 168);
    }
}
