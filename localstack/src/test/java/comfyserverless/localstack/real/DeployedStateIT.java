package comfyserverless.localstack.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import comfyserverless.aws.Aws;
import comfyserverless.aws.AwsSettings;
import comfyserverless.contract.Ports;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.SampleJobs;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// The State stack's own table, buckets and queue, by the names that it gave them.
class DeployedStateIT {
    @Test
    void a_job_goes_its_way_on_the_deployed_stack() throws IOException {
        assumeTrue(RealLocalStack.isWanted(), "only in the profile localstack");
        RealLocalStack localStack = RealLocalStack.get();
        AwsSettings settings =
                new AwsSettings(
                        "us-east-1",
                        new AwsSettings.Endpoints(
                                localStack.endpoint(),
                                localStack.endpoint(),
                                localStack.endpoint(),
                                null),
                        localStack.names(),
                        new AwsSettings.Access("test", "test"),
                        false);
        try (Aws aws = Aws.open(settings, JobSettings.standard())) {
            Ports ports = aws.ports();
            JobKey key = new JobKey("deployed", "a");
            ports.jobs().enqueue(SampleJobs.job(key, 1));
            ports.tickets().send();
            assertThat(ports.tickets().receive(Duration.ofSeconds(5))).isPresent();
            Claim claim = ports.claims().claim("runner").orElseThrow();
            assertThat(claim.key()).isEqualTo(key);
            assertThat(ports.claims().start(claim)).isTrue();
            ports.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
            assertThat(ports.jobs().queueRemaining("deployed")).isZero();
        }
    }
}
