package comfyserverless.contract.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceIdTest {
    private static final String ID = "1-58406520-a006649127e371903a2de979";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Root=" + ID,
                "Root=" + ID + ";Parent=53995c3f42cd8ad8;Sampled=1",
                "Self=1-58406520-b006649127e371903a2de979;Root=" + ID + ";Sampled=0",
                "Sampled=0; Root=" + ID
            })
    void the_root_is_the_id_wherever_it_stands(String header) {
        assertThat(TraceId.in(header)).contains(ID);
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                ID,
                "Root=1-58406520-A006649127e371903a2de979",
                "Root=" + ID + "0",
                "Root=1-58406520-a006649127e371903a2de97\n",
                "Parent=53995c3f42cd8ad8",
                "NoRoot=" + ID
            })
    void nothing_else_is_one(String header) {
        assertThat(TraceId.in(header)).isEmpty();
    }

    @Test
    void a_claim_is_called_by_it() {
        JobKey key = new JobKey("team", "a");
        Claim claim =
                new Claim(
                        key,
                        1,
                        1,
                        "runner",
                        null,
                        Instant.EPOCH,
                        new Origin(1, "body", "hash", "digest", Instant.EPOCH, null, ID));
        assertThat(claim.label()).isEqualTo("team/a (trace " + ID + ")");
    }
}
