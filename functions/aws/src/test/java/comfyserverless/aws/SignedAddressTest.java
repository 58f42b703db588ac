package comfyserverless.aws;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.job.JobSettings;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A signature holds for one host name: that by which CloudFront calls the bucket.
class SignedAddressTest {
    private static final Duration LIFE = Duration.ofMinutes(5);

    private static Blobs files(String region) {
        AwsSettings settings =
                new AwsSettings(
                        region,
                        new AwsSettings.Endpoints(null, null, null, null),
                        new AwsSettings.Names("table", "comfy-files", "comfy-models", "queue"),
                        new AwsSettings.Access("id", "secret"),
                        false);
        return Aws.open(settings, JobSettings.standard()).stores().blobs();
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "us-east-2", "eu-west-1", "ap-southeast-4"})
    void files_are_signed_for_the_buckets_regional_name(String region) {
        URI address = files(region).signedUrl("o/team/a/1/b", "image/png", "inline", LIFE);
        assertThat(address.getHost()).isEqualTo("comfy-files.s3." + region + ".amazonaws.com");
        assertThat(address.getPath()).isEqualTo("/o/team/a/1/b");
        assertThat(address.getQuery()).contains("X-Amz-SignedHeaders=host&");
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "eu-west-1"})
    void uploads_too(String region) {
        URI address = files(region).signedPut("quarantine/a", 5, "5ba9".repeat(16), LIFE).url();
        assertThat(address.getHost()).isEqualTo("comfy-files.s3." + region + ".amazonaws.com");
    }
}
