package comfyserverless.infrastructure;

import comfyserverless.contract.metric.Measure;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.applicationautoscaling.AdjustmentTier;
import software.amazon.awscdk.services.applicationautoscaling.AdjustmentType;
import software.amazon.awscdk.services.applicationautoscaling.ScalableTarget;
import software.amazon.awscdk.services.applicationautoscaling.ServiceNamespace;
import software.amazon.awscdk.services.applicationautoscaling.StepScalingAction;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.ApplicationScalingAction;
import software.constructs.Construct;

/// How many runners there are: one for each so many jobs that wait or run, and none after a while without
/// any. Of the first job the table's stream wakes one at once; this follows within a minute. It stops runners
/// that are there and idle, not what was just woken: an alarm goes on acting for as long as it rings.
final class RunnerScaling extends Construct {
    private static final int MOST_STEPS = 20;

    private final DeploySettings.Runner settings;
    private final ScalableTarget target;
    private final String deployment;

    RunnerScaling(RunnerStack stack, DeploySettings settings, Names names) {
        super(stack, "Scaling");
        this.settings = settings.runner();
        this.deployment = settings.prefix();
        this.target =
                ScalableTarget.Builder.create(this, "Target")
                        .serviceNamespace(ServiceNamespace.ECS)
                        .scalableDimension("ecs:service:DesiredCount")
                        .resourceId("service/" + names.cluster() + "/" + names.service())
                        .minCapacity(0)
                        .maxCapacity(settings.runner().most())
                        .build();
        target.getNode().addDependency(stack.getNode().findChild("Service"));
        followBacklog();
        stopWhenIdle();
    }

    /// The alarm's threshold is 1, so a step's bounds count from there.
    private void followBacklog() {
        StepScalingAction follow = action("Follow");
        int steps = Math.min(settings.most(), MOST_STEPS);
        for (int step = 1; step <= steps; step++) {
            int runners = (int) Math.ceil((double) settings.most() * step / steps);
            int from = step == 1 ? 0 : runnersBefore(step, steps) * settings.jobsPerRunner();
            AdjustmentTier.Builder tier =
                    AdjustmentTier.builder().adjustment(runners).lowerBound(from);
            if (step < steps) {
                tier.upperBound(runners * settings.jobsPerRunner());
            }
            follow.addAdjustment(tier.build());
        }
        alarm("Waiting", Measure.BACKLOG, "Maximum", 1)
                .addAlarmAction(new ApplicationScalingAction(follow));
    }

    private int runnersBefore(int step, int steps) {
        return (int) Math.ceil((double) settings.most() * (step - 1) / steps);
    }

    private void stopWhenIdle() {
        StepScalingAction stop = action("Stop");
        stop.addAdjustment(AdjustmentTier.builder().adjustment(0).lowerBound(0).build());
        alarm("Idle", Measure.IDLE_RUNNERS, "Minimum", settings.idleMinutes())
                .addAlarmAction(new ApplicationScalingAction(stop));
    }

    private StepScalingAction action(String id) {
        return StepScalingAction.Builder.create(this, id)
                .scalingTarget(target)
                .adjustmentType(AdjustmentType.EXACT_CAPACITY)
                .build();
    }

    private Alarm alarm(String id, Measure measure, String statistic, int minutes) {
        return Alarm.Builder.create(this, id)
                .metric(
                        Metrics.of(deployment, measure)
                                .with(
                                        MetricOptions.builder()
                                                .period(Duration.minutes(1))
                                                .statistic(statistic)
                                                .build()))
                .threshold(1)
                .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
                .evaluationPeriods(minutes)
                .treatMissingData(TreatMissingData.IGNORE)
                .build();
    }
}
