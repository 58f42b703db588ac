package comfyserverless.contract.job;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Object keys of what belongs to a job.
final class ObjectKeys {
    private ObjectKeys() {}

    static String body(JobKey job, String name) {
        return "b/" + path(job) + "/" + name;
    }

    static String summary(JobKey job, String body, long fence) {
        return "d/" + path(job) + "/" + body + "/" + fence;
    }

    private static String path(JobKey job) {
        return job.tenant() + "/" + URLEncoder.encode(job.promptId(), StandardCharsets.UTF_8);
    }
}
