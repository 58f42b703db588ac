package comfyserverless.admin.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;

class RefusalTest {
    private static String reason(String message) {
        return Refusal.reason(new UncheckedIOException(new IOException(message)));
    }

    @Test
    void what_the_sdk_adds_for_its_authors_is_left_out() {
        assertThat(
                        reason(
                                "cannot read partition V#a: Requested resource not found (Service: DynamoDb,"
                                        + " Status Code: 400, Request ID: 9c0c) (SDK Attempt Count: 1)"))
                .isEqualTo("cannot read partition V#a: Requested resource not found");
    }

    @Test
    void who_has_no_credentials_is_told_how_to_get_some() {
        assertThat(
                        reason(
                                "cannot list s3://models/: Unable to load credentials from any of the providers in the"
                                        + " chain Chain(providers=[A(), B()]) : [A(): nothing, B(): nothing]"))
                .startsWith(
                        "cannot list s3://models/: no credentials are known: set AWS_ACCESS_KEY_ID")
                .endsWith("aws sso login");
    }
}
