package comfyserverless.infrastructure;

import java.util.Arrays;
import java.util.List;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.AlarmStatusWidget;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
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
                graph("Jobs", Metrics.of(deployment, "Pending"), Metrics.of(deployment, "Running")),
                graph("Runners", Metrics.of(deployment, "Runners")));
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
    }

    private interface Measure {
        IMetric of(EntryFunction function);
    }

    private static IMetric[] metrics(List<EntryFunction> functions, Measure measure) {
        return functions.stream().map(measure::of).toArray(IMetric[]::new);
    }

    private static GraphWidget graph(String title, IMetric... metrics) {
        return GraphWidget.Builder.create()
                .title(title)
                .left(Arrays.asList(metrics))
                .width(HALF)
                .build();
    }
}
