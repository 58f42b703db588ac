package comfyserverless.diffusion.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Writes the tensors without a use of their own that say what a Stable Diffusion XL predicts, as the goldens name them.
public final class MarkerFile {

    private MarkerFile() {}

    private record Mark(String name, int count, float value) {}

    /// Writes the marks `eps`, `v_pred`, `v_pred+ztsnr`, `edm_playground` or `edm_vpred`.
    public static Path of(String marks, Path file) throws IOException {
        return write(named(marks), file);
    }

    /// Writes tensors without a number.
    public static Path empty(List<String> names, Path file) throws IOException {
        return write(names.stream().map(name -> new Mark(name, 0, 0)).toList(), file);
    }

    private static Path write(List<Mark> marks, Path file) throws IOException {
        StringBuilder header = new StringBuilder("{");
        ByteBuffer data = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (Mark mark : marks) {
            int begin = data.position();
            for (int i = 0; i < mark.count(); i++) {
                data.putFloat(mark.value());
            }
            header.append(header.length() == 1 ? "" : ",")
                    .append(
                            "\"%s\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
                                    .formatted(mark.name(), mark.count(), begin, data.position()));
        }
        byte[] json = header.append('}').toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer out =
                ByteBuffer.allocate(Long.BYTES + json.length + data.position())
                        .order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(json.length).put(json).put(data.flip());
        return Files.write(file, out.array());
    }

    private static List<Mark> named(String marks) {
        return switch (marks) {
            case "eps" -> List.of();
            case "v_pred" -> List.of(new Mark("v_pred", 0, 0));
            case "v_pred+ztsnr" -> List.of(new Mark("v_pred", 0, 0), new Mark("ztsnr", 0, 0));
            case "edm_playground" -> List.of(new Mark("edm_mean", 4, 0), new Mark("edm_std", 4, 1));
            case "edm_vpred" ->
                    List.of(
                            new Mark("edm_vpred.sigma_max", 1, 120),
                            new Mark("edm_vpred.sigma_min", 1, 0.002f));
            default -> throw new IllegalArgumentException("what are the marks " + marks + "?");
        };
    }
}
