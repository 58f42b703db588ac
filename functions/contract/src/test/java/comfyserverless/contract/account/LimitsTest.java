package comfyserverless.contract.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LimitsTest {
    @Test
    void a_text_says_what_is_limited() {
        Limits limits = Limits.parse(" running=2, pending=10\n");
        assertThat(limits.find(Limit.PENDING)).hasValue(10);
        assertThat(limits.find(Limit.STORAGE)).isEmpty();
        assertThat(limits.text()).isEqualTo("pending=10 running=2");
        assertThat(Limits.parse(limits.text())).isEqualTo(limits);
        assertThat(Limits.parse("")).isEqualTo(Limits.none());
    }

    @ParameterizedTest
    @CsvSource({
        "waiting=3, there are pending",
        "pending, pending=",
        "pending=-1, pending=-1",
        "pending=many, pending=many"
    })
    void an_error_says_what_is_wrong(String text, String said) {
        assertThatThrownBy(() -> Limits.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(said);
    }
}
