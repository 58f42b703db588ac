package comfyserverless.infrastructure;

import comfyserverless.contract.metric.Measure;
import java.util.Arrays;
import java.util.List;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.AlarmStatusWidget;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.constructs.Construct;

/// What one wants to see of a deployment on one page.
final class Board extends Construct {
    private static final int HALF = 12;

    Board(Construct scope, String deployment, StateStack state, ApiStack api, List<Alarm> alarms) {
        super(scope, "Board");
        Dashboard dashboard =
                Dashboard.Builder.create(this, "Dashboard").dashboardName(deployment).build();
        dashboard.addWidgets(
                AlarmStatusWidget.Builder.create()
                        .title("Alarms")
                        .alarms(List.copyOf(alarms))
                        .width(2 * HALF)
                        .build());
        dashboard.addWidgets(
                graph(
                        "Jobs",
                        Metrics.of(deployment, Measure.PENDING),
                        Metrics.of(deployment, Measure.RUNNING)),
                graph("Runners", Metrics.of(deployment, Measure.RUNNERS)));
        dashboard.addWidgets(
                graph(
                        "Seconds until a job starts, and that it runs",
                        Metrics.of(deployment, Measure.WAIT_SECONDS),
                        Metrics.of(deployment, Measure.RUN_SECONDS)),
                graph(
                        "Jobs that ended, and that failed",
                        summed(deployment, Measure.JOBS_ENDED),
                        summed(deployment, Measure.JOBS_FAILED)));
        dashboard.addWidgets(
                graph(
                        "Waiting jobs of each tenant",
                        Metrics.ofEachTenant(deployment, Measure.PENDING, "Maximum")),
                graph(
                        "Runners' seconds of each tenant",
                        Metrics.ofEachTenant(deployment, Measure.RUN_SECONDS, "Sum")));
        List<EntryFunction> functions = api.functions().all();
        dashboard.addWidgets(
                graph("Calls", metrics(functions, f -> f.alias().metricInvocations())),
                graph("Errors", metrics(functions, f -> f.alias().metricErrors())));
        dashboard.addWidgets(
                graph("Duration", metrics(functions, f -> f.alias().metricDuration())),
                graph(
                        "Tickets",
                        state.tickets().metricApproximateNumberOfMessagesVisible(),
                        state.tickets().metricApproximateAgeOfOldestMessage()));
        dashboard.addWidgets(
                graph(
                        "Webhooks",
                        state.webhooks().metricNumberOfMessagesSent(),
                        state.webhooks().metricApproximateNumberOfMessagesVisible(),
                        state.webhooks().metricApproximateNumberOfMessagesNotVisible(),
                        state.deadWebhooks().metricApproximateNumberOfMessagesVisible()));
    }

    private static IMetric summed(String deployment, Measure measure) {
        return Metrics.of(deployment, measure)
                .with(MetricOptions.builder().statistic("Sum").build());
    }

    private interface Of {
        IMetric metric(EntryFunction function);
    }

    private static IMetric[] metrics(List<EntryFunction> functions, Of of) {
        return functions.stream().map(of::metric).toArray(IMetric[]::new);
    }

    private static GraphWidget graph(String title, IMetric... metrics) {
        return GraphWidget.Builder.create()
                .title(title)
                .left(Arrays.asList(metrics))
                .width(HALF)
                .build();
    }
}
