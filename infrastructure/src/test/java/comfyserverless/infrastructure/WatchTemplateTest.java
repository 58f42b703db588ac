package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.metric.Measure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

class WatchTemplateTest {
    private final Template watch = Templates.of(Templates.PLAIN, "watch");

    @Test
    void jobs_that_wait_for_five_minutes_without_a_runner_are_told_of() {
        watch.hasResourceProperties(
                "AWS::CloudWatch::Alarm",
                Map.of(
                        "MetricName", "WaitingWithoutRunner",
                        "Namespace", "ComfyServerless",
                        "Period", 60,
                        "EvaluationPeriods", 5,
                        "Threshold", 1));
    }

    @Test
    void queue_age_dead_tickets_errors_and_lost_runners_are_told_of_with_what_they_mean() {
        for (String metric :
                List.of(
                        "OldestWaiting",
                        "NumberOfMessagesReceived",
                        "LostLeases",
                        "5xx",
                        "Errors",
                        "ThrottledRequests")) {
            watch.hasResourceProperties("AWS::CloudWatch::Alarm", Map.of("MetricName", metric));
        }
        watch.allResourcesProperties(
                "AWS::CloudWatch::Alarm",
                Map.of("AlarmDescription", Match.anyValue(), "AlarmActions", Match.anyValue()));
        watch.resourceCountIs("AWS::CloudWatch::Dashboard", 1);
    }

    @Test
    void every_metric_of_our_own_is_one_that_is_written_and_every_one_is_looked_at() {
        String read =
                watch.findResources("AWS::CloudWatch::Alarm")
                        + watch.findResources("AWS::CloudWatch::Dashboard").toString()
                        + Templates.of(Templates.PLAIN, "runner")
                                .findResources("AWS::CloudWatch::Alarm");
        for (Measure measure : Measure.values()) {
            assertThat(read).contains(measure.metric());
        }
    }

    @Test
    void the_dashboard_has_a_line_for_each_tenant() {
        assertThat(watch.findResources("AWS::CloudWatch::Dashboard").toString())
                .contains("SEARCH('{ComfyServerless,Deployment,Tenant} MetricName=")
                .contains("Pending")
                .contains("RunSeconds");
    }

    @Test
    void webhooks_that_were_given_up_or_lie_too_long_are_told_of() {
        watch.hasResourceProperties(
                "AWS::CloudWatch::Alarm",
                Map.of(
                        "AlarmDescription",
                        Match.stringLikeRegexp(".*webhooks replay.*"),
                        "MetricName",
                        "ApproximateNumberOfMessagesVisible",
                        "Threshold",
                        1));
        watch.hasResourceProperties(
                "AWS::CloudWatch::Alarm",
                Map.of("MetricName", "ApproximateAgeOfOldestMessage", "Threshold", 20 * 3600));
    }

    @Test
    void alarms_and_the_budget_are_mailed_to_who_asked_for_it() {
        watch.resourceCountIs("AWS::SNS::Subscription", 0);
        Templates.of(Templates.FULL, "watch").resourceCountIs("AWS::SNS::Subscription", 1);
        Template budget = Templates.of(Templates.FULL, "budget");
        assertThat(budget.findResources("AWS::Budgets::Budget").toString())
                .contains("FORECASTED")
                .contains("somebody@example.org");
    }
}
