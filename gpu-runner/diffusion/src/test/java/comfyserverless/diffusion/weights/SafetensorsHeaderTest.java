package comfyserverless.diffusion.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.diffusion.torch.DType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// A header is believed only as far as the file bears it out; every refusal names the file and the trouble.
class SafetensorsHeaderTest {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("model.safetensors");
    }

    @Test
    void a_sound_file_gives_its_tensors_and_metadata() throws IOException {
        String header =
                """
                {"__metadata__":{"note":"n"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},\
                "s":{"dtype":"F16","shape":[],"data_offsets":[8,10]},\
                "e":{"dtype":"I64","shape":[0,3],"data_offsets":[10,10]}}\
                """;
        SafetensorsHeader read =
                SafetensorsHeader.read(SafetensorsFiles.write(file, header, new byte[10]));
        assertThat(read.metadata()).containsEntry("note", "n");
        long begin = 8L + header.length();
        assertThat(read.tensors())
                .containsEntry("w", new TensorEntry(DType.F32, List.of(1L, 2L), begin, begin + 8))
                .containsEntry("s", new TensorEntry(DType.F16, List.of(), begin + 8, begin + 10))
                .containsKey("e");
    }

    private record Broken(String what, String header, int dataBytes, String message) {}

    @TestFactory
    Stream<DynamicTest> a_broken_header_is_refused_with_its_reason() {
        return Stream.of(
                        new Broken(
                                "truncated data",
                                one("F32", "[4]", "[0,16]"),
                                12,
                                "beyond the end of the file by 4 bytes"),
                        new Broken(
                                "wrong byte count",
                                one("F32", "[4]", "[0,12]"),
                                12,
                                "does not take 12 bytes"),
                        new Broken(
                                "reversed range",
                                one("F32", "[0]", "[4,0]"),
                                4,
                                "ends before it begins"),
                        new Broken(
                                "negative size", one("F32", "[-1]", "[0,4]"), 4, "'-1' for a size"),
                        new Broken(
                                "fractional size",
                                one("F32", "[1.5]", "[0,4]"),
                                4,
                                "'1.5' for a size"),
                        new Broken(
                                "size beyond a long",
                                one("F32", "[4611686018427387904,4]", "[0,4]"),
                                4,
                                "impossible shape"),
                        new Broken(
                                "unknown type", one("F3", "[1]", "[0,4]"), 4, "unknown type 'F3'"),
                        new Broken(
                                "no shape",
                                "{\"w\":{\"dtype\":\"F32\",\"data_offsets\":[0,4]}}",
                                4,
                                "lacks its shape"),
                        new Broken(
                                "no offsets",
                                "{\"w\":{\"dtype\":\"F32\",\"shape\":[1]}}",
                                4,
                                "lacks its shape or its two data_offsets"),
                        new Broken(
                                "overlap",
                                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                                8,
                                "tensors a and b overlap"),
                        new Broken("same name twice", "{\"a\":{},\"a\":{}}", 0, "no valid JSON"),
                        new Broken("an array", "[1,2]", 0, "no JSON object"),
                        new Broken("no JSON", "{\"w\":", 0, "no valid JSON"))
                .map(broken -> DynamicTest.dynamicTest(broken.what(), () -> refuse(broken)));
    }

    private void refuse(Broken broken) throws IOException {
        SafetensorsFiles.write(file, broken.header(), new byte[broken.dataBytes()]);
        assertRefused(broken.message());
    }

    @Test
    void a_header_longer_than_the_file_is_refused() throws IOException {
        SafetensorsFiles.writeClaiming(file, 5_000, "{}", new byte[0]);
        assertRefused("claims 5000 bytes, the file has 10");
    }

    @Test
    void a_header_of_more_than_2_to_the_63_bytes_is_refused() throws IOException {
        SafetensorsFiles.writeClaiming(file, -1, "{}", new byte[0]);
        assertRefused("claims 18446744073709551615 bytes");
    }

    @TestFactory
    Stream<DynamicTest> what_is_no_safetensors_file_is_called_by_its_name() {
        record Other(String start, String message) {}
        return Stream.of(
                        new Other("", "empty"),
                        new Other("<!DOCTYPE html>", "web page"),
                        new Other("version https://git-lfs.github.com/spec/v1", "git lfs pull"),
                        new Other("GGUF", "GGUF"),
                        new Other("abc", "only 3 bytes"))
                .map(other ->
                        DynamicTest.dynamicTest(
                                other.message(),
                                () -> {
                                    Files.write(
                                            file,
                                            other.start().getBytes(StandardCharsets.ISO_8859_1));
                                    assertRefused(other.message());
                                }));
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> SafetensorsHeader.read(file))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("model.safetensors: ")
                .hasMessageContaining(message);
    }

    private static String one(String type, String shape, String offsets) {
        return "{\"w\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}}"
                .formatted(type, shape, offsets);
    }
}
