package comfyserverless.admin.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.admin.SafetensorsBytes;
import comfyserverless.admin.report.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WeightsFileTest {
    @TempDir private static Path folder;

    private static WeightsFile.Kind check(byte[] bytes) throws IOException {
        Path file = folder.resolve("a.safetensors");
        Files.write(file, bytes);
        return new WeightsFile(file, "a.safetensors").check();
    }

    @Test
    void a_header_that_fits_its_file_is_accepted_with_holes_and_packed_types() throws IOException {
        assertThat(check(SafetensorsBytes.of(100))).isEqualTo(WeightsFile.Kind.SAFETENSORS);
        String header =
                "{'__metadata__':{'a':'b'},"
                        + "'b':{'dtype':'BF16','shape':[2,3],'data_offsets':[0,12]},"
                        + "'c':{'dtype':'F4','shape':[5],'data_offsets':[14,17]},"
                        + "'d':{'dtype':'F32','shape':[],'data_offsets':[20,24]},"
                        + "'e':{'dtype':'I64','shape':[0,7],'data_offsets':[24,24]}}";
        assertThat(check(SafetensorsBytes.with(header.replace('\'', '"'), 24)))
                .isEqualTo(WeightsFile.Kind.SAFETENSORS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,12]}} | does not take 12 bytes",
                "{'a':{'dtype':'F33','shape':[2],'data_offsets':[0,8]}} | unknown type",
                "{'a':{'dtype':'F32','shape':[4],'data_offsets':[8,24]}} | beyond the end of the file by 8",
                "{'a':{'dtype':'F32','shape':[-1],'data_offsets':[0,8]}} | for a size or an offset",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | ends before it begins",
                "{'a':{'dtype':'F32','shape':[2]}} | lacks its shape",
                "{'a':{'dtype':'F32','shape':[4611686018427387904,4],'data_offsets':[0,8]}} | impossible shape",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]},"
                        + "'b':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | overlap",
                "[1] | no JSON object",
                "{'a': | no JSON"
            })
    void a_damaged_header_is_refused_with_what_is_wrong(String header, String sentence) {
        assertThatThrownBy(() -> check(SafetensorsBytes.with(header.replace('\'', '"'), 16)))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void a_length_beyond_the_file_or_the_limit_is_refused() {
        byte[] long_ = SafetensorsBytes.of(10);
        long_[3] = 127;
        assertThatThrownBy(() -> check(long_)).hasMessageContaining("its header claims");
        byte[] negative = SafetensorsBytes.of(10);
        negative[7] = (byte) 0xff;
        assertThatThrownBy(() -> check(negative)).hasMessageContaining("its header claims 1837");
        assertThatThrownBy(() -> check(new byte[0])).hasMessageContaining("it is empty");
    }
}
