package comfyserverless.infrastructure;

import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.applicationautoscaling.AdjustmentTier;
import software.amazon.awscdk.services.applicationautoscaling.AdjustmentType;
import software.amazon.awscdk.services.applicationautoscaling.ScalableTarget;
import software.amazon.awscdk.services.applicationautoscaling.ServiceNamespace;
import software.amazon.awscdk.services.applicationautoscaling.StepScalingAction;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.ApplicationScalingAction;
import software.constructs.Construct;

/// How many runners there are: one for each so many jobs that wait or run, and none after a while without
/// any. Of the first job the table's stream wakes one at once; this follows within a minute.
final class RunnerScaling extends Construct {
    private static final int MOST_STEPS = 20;

    private final DeploySettings.Runner settings;
    private final ScalableTarget target;
    private final Metric backlog;

    RunnerScaling(RunnerStack stack, DeploySettings settings, Names names) {
        super(stack, "Scaling");
        this.settings = settings.runner();
        this.backlog =
                Metrics.of(settings.prefix(), "Backlog")
                        .with(
                                MetricOptions.builder()
                                        .period(Duration.minutes(1))
                                        .statistic("Maximum")
                                        .build());
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
        alarm("Waiting", ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD, 1)
                .addAlarmAction(new ApplicationScalingAction(follow));
    }

    private int runnersBefore(int step, int steps) {
        return (int) Math.ceil((double) settings.most() * (step - 1) / steps);
    }

    private void stopWhenIdle() {
        StepScalingAction stop = action("Stop");
        stop.addAdjustment(AdjustmentTier.builder().adjustment(0).upperBound(0).build());
        alarm("Idle", ComparisonOperator.LESS_THAN_THRESHOLD, settings.idleMinutes())
                .addAlarmAction(new ApplicationScalingAction(stop));
    }

    private StepScalingAction action(String id) {
        return StepScalingAction.Builder.create(this, id)
                .scalingTarget(target)
                .adjustmentType(AdjustmentType.EXACT_CAPACITY)
                .build();
    }

    private Alarm alarm(String id, ComparisonOperator comparison, int minutes) {
        return Alarm.Builder.create(this, id)
                .metric(backlog)
                .threshold(1)
                .comparisonOperator(comparison)
                .evaluationPeriods(minutes)
                .treatMissingData(TreatMissingData.IGNORE)
                .build();
    }
}
