package comfyserverless.infrastructure;

import comfyserverless.contract.metric.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;

/// The alarms of a deployment, each with what it means, and the dashboard.
final class WatchStack extends Stack {
    /// Seconds: the last try comes up to 18 hours after the first.
    private static final int OLDEST_CALL = 20 * 3600;

    private final String deployment;
    private final Topic topic;
    private final List<Alarm> alarms = new ArrayList<>();

    WatchStack(App app, DeploySettings settings, StateStack state, ApiStack api) {
        super(app, new Names(settings.prefix()).stack("watch"));
        this.deployment = settings.prefix();
        this.topic = Topic.Builder.create(this, "Trouble").enforceSsl(true).build();
        if (settings.care().email() != null) {
            topic.addSubscription(new EmailSubscription(settings.care().email()));
        }
        alarm(
                "QueueAge",
                "The job that is next has waited for over half an hour: runners are too few or do not start.",
                Metrics.of(deployment, Measure.OLDEST_WAITING),
                1800,
                5);
        alarm(
                "NoRunner",
                "Jobs wait for more than 5 minutes and no runner is alive: look at the service's events"
                        + " and the account's GPU quota (doctor).",
                Metrics.of(deployment, Measure.WAITING_WITHOUT_RUNNER),
                1,
                5);
        alarm(
                "DeadTickets",
                "Tickets were received 20 times and never used.",
                state.deadTickets().metricNumberOfMessagesReceived(),
                1,
                1);
        alarm(
                "LostChanges",
                "The stream's function failed for changes of the queue; sockets may show an old count.",
                api.lostChanges().metricApproximateNumberOfMessagesVisible(),
                1,
                1);
        alarm(
                "DeadWebhooks",
                "Calls to webhooks were given up after seven tries: comfy-admin webhooks list says which, and"
                        + " webhooks replay makes them again.",
                state.deadWebhooks().metricApproximateNumberOfMessagesVisible(),
                1,
                1);
        alarm(
                "WebhookAge",
                "A call to a webhook is older than its last try should be: the function behind the queue"
                        + " does not run or fails.",
                state.webhooks().metricApproximateAgeOfOldestMessage(),
                OLDEST_CALL,
                1);
        alarm(
                "RunnersLost",
                "Runners lost their jobs by failing to renew their leases: they crashed, ran out of memory"
                        + " or were taken away.",
                Metrics.of(deployment, Measure.LOST_LEASES),
                3,
                1);
        alarm(
                "FailedAnswers",
                "Five requests in five minutes were answered with 500 or more: see the log of the function http.",
                api.http().failures(),
                5,
                1);
        api.functions().all().forEach(function -> errors(function));
        alarm(
                "TableThrottled",
                "DynamoDB refused reads or writes for their rate.",
                throttles(state),
                10,
                2);
        new Board(this, settings.prefix(), state, api, alarms);
    }

    private void errors(EntryFunction function) {
        alarm(
                function.getNode().getId() + "Errors",
                "The function failed five times in five minutes: see its log.",
                function.alias().metricErrors(),
                5,
                1);
    }

    private static Metric throttles(StateStack state) {
        return Metric.Builder.create()
                .namespace("AWS/DynamoDB")
                .metricName("ThrottledRequests")
                .dimensionsMap(Map.of("TableName", state.table().getTableName()))
                .build();
    }

    private void alarm(String id, String meaning, Metric metric, int threshold, int periods) {
        String statistic = id.endsWith("Age") || id.equals("NoRunner") ? "Maximum" : "Sum";
        Alarm alarm =
                Alarm.Builder.create(this, id)
                        .alarmDescription(meaning)
                        .metric(
                                metric.with(
                                        MetricOptions.builder()
                                                .period(period(id))
                                                .statistic(statistic)
                                                .build()))
                        .threshold(threshold)
                        .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
                        .evaluationPeriods(periods)
                        .treatMissingData(TreatMissingData.NOT_BREACHING)
                        .build();
        alarm.addAlarmAction(new SnsAction(topic));
        alarms.add(alarm);
    }

    private static Duration period(String id) {
        return Duration.minutes(id.equals("NoRunner") ? 1 : 5);
    }
}
