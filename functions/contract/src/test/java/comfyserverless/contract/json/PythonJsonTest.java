package comfyserverless.contract.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Expected texts were printed by Python 3.11.
class PythonJsonTest {
    private static String dumps(String json) {
        return PythonJson.dumps(Json.read(json));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "8, 8",
                "8.0, 8.0",
                "8.50, 8.5",
                "1e-5, 1e-05",
                "0.0001, 0.0001",
                "0.00012345, 0.00012345",
                "1e16, 1e+16",
                "1e15, 1000000000000000.0",
                "9999999999999998.0, 9999999999999998.0",
                "1.5e300, 1.5e+300",
                "123456789012345678901234567890, 123456789012345678901234567890",
                "18446744073709551615, 18446744073709551615",
                "0.1, 0.1",
                "-0.0, -0.0",
                "-2.5e-7, -2.5e-07",
                "5e-324, 5e-324",
                "NaN, NaN",
                "Infinity, Infinity",
                "-Infinity, -Infinity",
                "2e-3, 0.002",
                "1e22, 1e+22",
                "100.0, 100.0"
            })
    void numbers_are_written_as_python_writes_them(String json, String expected) {
        assertThat(dumps(json)).isEqualTo(expected);
    }

    @Test
    void parts_are_set_apart_and_keys_keep_their_order() {
        assertThat(dumps("{\"b\":[1,2,{}],\"a\":{\"x\":null,\"y\":[]},\"t\":true}"))
                .isEqualTo("{\"b\": [1, 2, {}], \"a\": {\"x\": null, \"y\": []}, \"t\": true}");
    }

    @Test
    void all_but_ascii_is_escaped() {
        assertThat(dumps("\"\u00e9\u4e2d\\ud83d\\ude00\\u007f\\u0001\\b\\f\\n\\r\\t\\\"\\\\/\""))
                .isEqualTo(
                        "\"\\u00e9\\u4e2d\\ud83d\\ude00\\u007f\\u0001\\b\\f\\n\\r\\t\\\"\\\\/\"");
    }

    @Test
    void the_last_of_equal_keys_wins_at_the_first_ones_place() {
        assertThat(dumps("{\"a\":1,\"b\":2,\"a\":3}")).isEqualTo("{\"a\": 3, \"b\": 2}");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "[\"a\",\"b\"]; ['a', 'b']",
                "{\"a\":1}; {'a': 1}",
                "null; None",
                "true; True",
                "[\"it's\"]; [\"it's\"]",
                "[\"it's \\\"x\\\"\"]; ['it\\'s \"x\"']",
                "1e-5; 1e-05",
                "NaN; nan",
                "[\"\\u00e9\\n\\u0001\"]; ['\u00e9\\n\\x01']"
            })
    void values_print_as_pythons_repr(String json, String expected) {
        assertThat(PythonText.repr(Json.read(json))).isEqualTo(expected);
    }

    @Test
    void text_is_str_without_quotes() {
        assertThat(PythonText.str(Json.read("\"x\""))).isEqualTo("x");
        assertThat(PythonText.str(Json.read("12.0"))).isEqualTo("12.0");
    }

    @Test
    void what_lies_beyond_the_limits_is_refused_with_the_place() {
        assertThatThrownBy(() -> Json.read("[".repeat(65) + "]".repeat(65)))
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("64");
        assertThatThrownBy(() -> Json.read(new byte[Json.LONGEST + 1]))
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("4194305 bytes");
        assertThatThrownBy(() -> Json.read("{\"a\": 1,}"))
                .isInstanceOf(MalformedJson.class)
                .hasMessageContaining("line 1");
        assertThatThrownBy(() -> Json.read("1 2")).isInstanceOf(MalformedJson.class);
        assertThatThrownBy(() -> Json.read("")).hasMessage("the text is empty");
    }
}
