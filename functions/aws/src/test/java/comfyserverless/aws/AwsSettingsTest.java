package comfyserverless.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AwsSettingsTest {
    private static final Map<String, String> NAMES =
            Map.of(
                    "COMFY_TABLE", "table",
                    "COMFY_FILES_BUCKET", "files",
                    "COMFY_MODELS_BUCKET", "models",
                    "COMFY_QUEUE_URL", "https://sqs/1/tickets");

    @Test
    void without_endpoints_AWS_itself_is_meant() {
        AwsSettings settings = AwsSettings.of(NAMES);
        assertThat(settings.endpoints())
                .isEqualTo(new AwsSettings.Endpoints(null, null, null, null));
        assertThat(settings.names().queueName()).isEqualTo("tickets");
        assertThat(settings.access()).isNull();
        assertThat(settings.binaryPosts()).isFalse();
    }

    @Test
    void an_endpoint_for_one_service_goes_before_the_one_for_all() {
        Map<String, String> environment = new HashMap<>(NAMES);
        environment.put("AWS_ENDPOINT_URL", "http://localhost:4566");
        environment.put("AWS_ENDPOINT_URL_S3", "http://localhost:9000");
        AwsSettings.Endpoints endpoints = AwsSettings.of(environment).endpoints();
        assertThat(endpoints.dynamo()).isEqualTo(URI.create("http://localhost:4566"));
        assertThat(endpoints.s3()).isEqualTo(URI.create("http://localhost:9000"));
        assertThat(endpoints.management()).isNull();
    }

    @Test
    void a_missing_name_is_told() {
        assertThatThrownBy(() -> AwsSettings.of(Map.of("COMFY_TABLE", "table")))
                .hasMessageContaining("COMFY_FILES_BUCKET");
    }

    @Test
    void webhooks_have_queues_where_the_environment_names_them() {
        assertThat(AwsSettings.of(NAMES).names().webhooks()).isNull();
        Map<String, String> environment = new HashMap<>(NAMES);
        environment.put("COMFY_WEBHOOK_QUEUE_URL", "https://sqs/1/webhooks");
        assertThatThrownBy(() -> AwsSettings.of(environment))
                .hasMessageContaining("COMFY_WEBHOOK_DEAD_QUEUE_URL");
        environment.put("COMFY_WEBHOOK_DEAD_QUEUE_URL", "https://sqs/1/webhooks-dead");
        assertThat(AwsSettings.of(environment).names().webhooks())
                .isEqualTo(AwsSettings.Webhooks.beside("https://sqs/1/tickets"));
    }

    @Test
    void a_secret_is_not_printed() {
        assertThat(new AwsSettings.Access("id", "hidden").toString()).doesNotContain("hidden");
    }
}
