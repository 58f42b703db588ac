package comfyserverless.runner.nodes.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TilingTest {
    /// What a place of the source is: different everywhere.
    private static float value(int channel, int y, int x) {
        return channel * 1000 + y * 31 + x;
    }

    /// Each source place becomes a square of `factor` by `factor`.
    private static HostTensor enlarged(int y, int x, int height, int width, int factor) {
        float[] data = new float[2 * height * factor * width * factor];
        int i = 0;
        for (int c = 0; c < 2; c++) {
            for (int row = 0; row < height * factor; row++) {
                for (int column = 0; column < width * factor; column++) {
                    data[i++] = value(c, y + row / factor, x + column / factor);
                }
            }
        }
        return new HostTensor(data, 1, 2, (long) height * factor, (long) width * factor);
    }

    @ParameterizedTest
    @CsvSource({"8, 8, 2, 8", "4, 16, 3, 8", "5, 7, 1, 2", "64, 64, 8, 8", "4, 4, 0, 4"})
    void what_works_place_by_place_is_the_same_in_tiles(
            int height, int width, int overlap, int factor) {
        Tiling tiling = new Tiling(height, width, overlap, factor);
        HostTensor joined = tiling.join(21, 30, (y, x, h, w) -> enlarged(y, x, h, w, factor));
        assertThat(joined.shape()).containsExactly(1, 2, 21L * factor, 30L * factor);
        assertThat(joined.data())
                .containsExactly(enlarged(0, 0, 21, 30, factor).data(), within(1e-3f));
    }

    @Test
    void tiles_lie_where_comfyui_lays_them() {
        List<String> tiles = new ArrayList<>();
        Tiling tiling = new Tiling(8, 16, 2, 1);
        tiling.join(
                20,
                16,
                (y, x, h, w) -> {
                    tiles.add(y + " " + x + " " + h + " " + w);
                    return enlarged(y, x, h, w, 1);
                });
        assertThat(tiles).containsExactly("0 0 8 16", "6 0 8 16", "12 0 8 16");
        assertThat(tiling.count(20, 16)).isEqualTo(3);
    }
}
