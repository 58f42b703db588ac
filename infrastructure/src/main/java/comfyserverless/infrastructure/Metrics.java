package comfyserverless.infrastructure;

import comfyserverless.contract.metric.Measure;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;

/// The metrics that functions and runners write with their logs (embedded metric format).
final class Metrics {
    private Metrics() {}

    /// Of the whole deployment, all tenants together.
    static Metric of(String deployment, Measure measure) {
        return Metric.Builder.create()
                .namespace(Measure.NAMESPACE)
                .metricName(measure.metric())
                .dimensionsMap(Map.of(Measure.DEPLOYMENT, deployment))
                .build();
    }

    /// A line for each tenant that had work lately.
    ///
    /// @param statistic Maximum, Sum and so on, of each five minutes
    static MathExpression ofEachTenant(String deployment, Measure measure, String statistic) {
        String search =
                "SEARCH('{%s,%s,%s} MetricName=\"%s\" %s=\"%s\"', '%s')"
                        .formatted(
                                Measure.NAMESPACE,
                                Measure.DEPLOYMENT,
                                Measure.TENANT,
                                measure.metric(),
                                Measure.DEPLOYMENT,
                                deployment,
                                statistic);
        return MathExpression.Builder.create()
                .expression(search)
                .label(measure.metric())
                .usingMetrics(Map.of())
                .period(Duration.minutes(5))
                .build();
    }
}
