package comfyserverless.contract.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnnotatedNameTest {
    @ParameterizedTest
    @CsvSource({
        "a.png, INPUT, '', a.png",
        "sub/deep/a.png, INPUT, sub/deep, a.png",
        "a.png [output], OUTPUT, '', a.png",
        "sub/a.png [temp], TEMP, sub, a.png",
        "a.png [input], INPUT, '', a.png",
        "./x/../sub//a.png, INPUT, sub, a.png",
        "a [other].png, INPUT, '', a [other].png",
    })
    void a_name_means_a_file(String name, FileType type, String subfolder, String file) {
        assertThat(AnnotatedName.parse(name)).contains(new FileRef(type, subfolder, file));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "../a.png",
                "a/../../b.png",
                "/etc/passwd",
                "..",
                "a\\b.png",
                "[output]",
                "a\u0000.png"
            })
    void a_name_that_leaves_its_folder_or_is_none_means_nothing(String name) {
        assertThat(AnnotatedName.parse(name)).isEmpty();
    }
}
