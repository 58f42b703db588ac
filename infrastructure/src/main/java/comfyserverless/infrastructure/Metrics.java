package comfyserverless.infrastructure;

import java.util.Map;
import software.amazon.awscdk.services.cloudwatch.Metric;

/// The metrics that the functions write with their logs (embedded metric format).
final class Metrics {
    static final String NAMESPACE = "ComfyServerless";
    private static final String DEPLOYMENT = "Deployment";

    private Metrics() {}

    /// Of the whole deployment, all tenants together.
    static Metric of(String deployment, String name) {
        return Metric.Builder.create()
                .namespace(NAMESPACE)
                .metricName(name)
                .dimensionsMap(Map.of(DEPLOYMENT, deployment))
                .build();
    }
}
