package comfyserverless.diffusion.sampling;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Schedules that others have searched for, as tables: Align Your Steps, GITS and Optimal Steps (their nodes, ComfyUI
/// 0.3.64). Between the steps of a table levels are interpolated in their logarithm.
public final class KnownLevels {

    private static final int MOST_GITS = 20;
    private static final Map<String, double[]> TABLES = read();

    private KnownLevels() {}

    /// Align Your Steps.
    ///
    /// @param model `SD1`, `SDXL` or `SVD`
    public static Sigmas alignYourSteps(String model, int steps, double denoise) {
        return fitted(table("align-your-steps/" + model), steps, denoise);
    }

    /// Optimal Steps.
    ///
    /// @param model `FLUX`, `Wan` or `Chroma`
    public static Sigmas optimalSteps(String model, int steps, double denoise) {
        return fitted(table("optimal-steps/" + model), steps, denoise);
    }

    /// GITS.
    ///
    /// @param coefficient from 0.8 to 1.5 in steps of 0.05: how large the first steps are
    public static Sigmas gits(double coefficient, int steps, double denoise) {
        String name =
                String.format(Locale.ROOT, "gits/%.2f/%d", coefficient, Math.min(steps, MOST_GITS));
        return fitted(table(name), steps, denoise);
    }

    private static double[] table(String name) {
        double[] table = TABLES.get(name);
        if (table == null) {
            throw new IllegalArgumentException("no noise levels are known for " + name);
        }
        return table;
    }

    /// The last steps of a table of so many, down to 0.
    private static Sigmas fitted(double[] table, int steps, double denoise) {
        if (denoise <= 0) {
            return Sigmas.NONE;
        }
        double[] all = table.length == steps + 1 ? table : interpolated(table, steps + 1);
        int taken = denoise < 1 ? (int) Math.rint(steps * denoise) : steps;
        int from = Math.max(all.length - taken - 1, 0);
        float[] levels = new float[all.length - from];
        for (int i = 0; i < levels.length - 1; i++) {
            levels[i] = (float) all[from + i];
        }
        return Sigmas.of(levels);
    }

    private static double[] interpolated(double[] table, int count) {
        double[] out = new double[count];
        for (int i = 0; i < count; i++) {
            double place = (double) i / (count - 1) * (table.length - 1);
            int low = Math.min((int) place, table.length - 2);
            double share = place - low;
            out[i] =
                    Math.exp((1 - share) * Math.log(table[low]) + share * Math.log(table[low + 1]));
        }
        return out;
    }

    private static Map<String, double[]> read() {
        Map<String, double[]> tables = new HashMap<>();
        try (InputStream in =
                        Objects.requireNonNull(
                                KnownLevels.class.getResourceAsStream("levels.tsv"));
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .forEach(line ->
                            tables.put(
                                    line[0],
                                    Arrays.stream(line, 1, line.length)
                                            .mapToDouble(Double::parseDouble)
                                            .toArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return tables;
    }
}
