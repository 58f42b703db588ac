package comfyserverless.localstack.emulator.dynamodb.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyBytesTest {
    private static byte[] key(Value... parts) {
        KeyBytes key = new KeyBytes();
        for (Value part : parts) {
            key.add(part);
        }
        return key.toArray();
    }

    private static void assertAscending(List<byte[]> keys) {
        assertThat(keys).isSortedAccordingTo(Arrays::compareUnsigned);
        for (int i = 1; i < keys.size(); i++) {
            assertThat(Arrays.equals(keys.get(i - 1), keys.get(i))).isFalse();
        }
    }

    @Test
    void numbers_order_by_value() {
        assertAscending(
                List.of(
                                "-1e125", "-100", "-10.5", "-10", "-9.99", "-1e-130", "0", "1e-130",
                                "0.5", "9.99", "10", "10.5", "1e125")
                        .stream()
                        .map(text -> key(new Value.N(new BigDecimal(text))))
                        .toList());
    }

    @Test
    void equal_numbers_are_one_key() {
        assertThat(key(new Value.N(new BigDecimal("1.50"))))
                .isEqualTo(key(new Value.N(new BigDecimal("15e-1"))));
    }

    @Test
    void texts_order_by_their_utf8_bytes() {
        List<String> texts =
                List.of(
                        "",
                        "\0",
                        "\0\0",
                        "\0a",
                        "a",
                        "a\0",
                        "aa",
                        "b",
                        "é",
                        "\uffff",
                        "\ud83d\ude00");
        assertThat(texts)
                .isSortedAccordingTo((a, b) ->
                        Arrays.compareUnsigned(
                                a.getBytes(StandardCharsets.UTF_8),
                                b.getBytes(StandardCharsets.UTF_8)));
        assertAscending(texts.stream().map(text -> key(new Value.S(text))).toList());
    }

    @Test
    void pairs_order_by_the_first_part_and_then_the_second() {
        assertAscending(
                List.of(
                        key(new Value.S("a"), new Value.S("z")),
                        key(new Value.S("a\0"), new Value.S("a")),
                        key(new Value.S("ab"), new Value.S("")),
                        key(new Value.S("b"), new Value.S("a"))));
    }

    @Test
    void all_keys_with_a_prefix_lie_before_what_comes_after_it() {
        byte[] prefix = new KeyBytes().addPrefix(new Value.S("ab")).toArray();
        byte[] after = KeyBytes.after(prefix);
        assertThat(after).isNotNull();
        for (String inside : List.of("ab", "ab\0", "abc", "ab\uffff")) {
            assertThat(Arrays.compareUnsigned(key(new Value.S(inside)), prefix))
                    .isGreaterThanOrEqualTo(0);
            assertThat(Arrays.compareUnsigned(key(new Value.S(inside)), after)).isNegative();
        }
        assertThat(Arrays.compareUnsigned(key(new Value.S("ac")), after)).isGreaterThanOrEqualTo(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "1e126",
                "1e-131",
                "123456789012345678901234567890123456789",
                "NaN",
                "1e999999999"
            })
    void numbers_that_cannot_be_stored_are_refused(String text) {
        assertThatThrownBy(() -> Numbers.parse(text))
                .hasMessageMatching("(?s).*(number|numeric|Number).*");
    }
}
