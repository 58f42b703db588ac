package comfyserverless.runner.nodes.latent;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.diffusion.sampling.SidesPatch;
import comfyserverless.diffusion.torch.HostTensor;
import org.junit.jupiter.api.Test;

/// A latent operation in guidance changes the way from the negative to the positive side, and nothing else.
class GuidedOperationTest {
    @Test
    void the_way_between_the_sides_is_changed_and_the_negative_side_stays() {
        LatentOperation doubled =
                latent -> {
                    float[] data = latent.data().clone();
                    for (int i = 0; i < data.length; i++) {
                        data[i] *= 2;
                    }
                    return latent.withData(data);
                };
        SidesPatch.Sides sides =
                LatentOperations.guided(doubled, new SidesPatch.Sides(tensor(3, 5), tensor(1, 2)));
        assertThat(sides.positive()).isEqualTo(tensor(5, 8));
        assertThat(sides.negative()).isEqualTo(tensor(1, 2));
    }

    private static HostTensor tensor(float... data) {
        return new HostTensor(data, 1, 1, 1, data.length);
    }
}
