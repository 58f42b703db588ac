package comfyserverless.infrastructure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awscdk.assertions.Match;
import software.amazon.awscdk.assertions.Template;

class RunnerTemplateTest {
    private final Template runner = Templates.of(Templates.PLAIN, "runner");

    @Test
    void runners_scale_to_zero() {
        runner.hasResourceProperties("AWS::ECS::Service", Map.of("DesiredCount", 0));
        runner.hasResourceProperties(
                "AWS::ApplicationAutoScaling::ScalableTarget", Map.of("MinCapacity", 0));
        runner.hasResourceProperties("AWS::AutoScaling::AutoScalingGroup", Map.of("MinSize", "0"));
    }

    @Test
    void another_runner_comes_for_each_so_many_jobs() {
        runner.hasResourceProperties(
                "AWS::ApplicationAutoScaling::ScalingPolicy",
                Map.of(
                        "StepScalingPolicyConfiguration",
                        Match.objectLike(
                                Map.of(
                                        "AdjustmentType",
                                        "ExactCapacity",
                                        "StepAdjustments",
                                        List.of(
                                                Map.of(
                                                        "MetricIntervalLowerBound", 0,
                                                        "MetricIntervalUpperBound", 4,
                                                        "ScalingAdjustment", 1),
                                                Map.of(
                                                        "MetricIntervalLowerBound", 4,
                                                        "ScalingAdjustment", 2))))));
    }

    @Test
    void steps_stay_within_what_the_service_takes_and_reach_the_most() {
        Template many = Templates.of(Templates.FULL, "runner");
        String policies =
                many.findResources("AWS::ApplicationAutoScaling::ScalingPolicy").toString();
        assertThat(policies.split("ScalingAdjustment=", -1)).hasSize(1 + 20 + 1);
        assertThat(policies).contains("ScalingAdjustment=30");
    }

    @Test
    void idle_runners_go_after_ten_minutes() {
        runner.hasResourceProperties(
                "AWS::CloudWatch::Alarm",
                Map.of("EvaluationPeriods", 10, "MetricName", "IdleRunners", "Period", 60));
    }

    @Test
    void a_runner_is_not_root_over_its_files_and_has_time_to_give_its_job_back() {
        runner.hasResourceProperties(
                "AWS::ECS::TaskDefinition",
                Map.of(
                        "ContainerDefinitions",
                        List.of(
                                Match.objectLike(
                                        Map.of(
                                                "ReadonlyRootFilesystem",
                                                true,
                                                "StopTimeout",
                                                120,
                                                "HealthCheck",
                                                Match.anyValue(),
                                                "ResourceRequirements",
                                                List.of(Map.of("Type", "GPU", "Value", "1")))))));
    }

    @Test
    void nothing_reaches_a_runner_from_outside() {
        runner.resourceCountIs("AWS::EC2::SecurityGroupIngress", 0);
        runner.allResourcesProperties(
                "AWS::EC2::SecurityGroup", Map.of("SecurityGroupIngress", Match.absent()));
        runner.resourceCountIs("AWS::EC2::NatGateway", 0);
    }

    @Test
    void the_image_is_built_in_the_account_unless_one_is_given() {
        runner.resourceCountIs("AWS::CodeBuild::Project", 1);
        runner.resourceCountIs("AWS::ECR::Repository", 1);
        Template given = Templates.of(Templates.SPOT, "runner");
        given.resourceCountIs("AWS::CodeBuild::Project", 0);
        assertThat(given.findResources("AWS::ECS::TaskDefinition").toString())
                .contains("registry.example.org/runner:1");
    }

    @Test
    void instances_come_from_the_spot_market_or_from_ecs_if_asked_for() {
        Templates.of(Templates.SPOT, "runner")
                .hasResourceProperties(
                        "AWS::EC2::LaunchTemplate",
                        Map.of(
                                "LaunchTemplateData",
                                Match.objectLike(
                                        Map.of(
                                                "InstanceMarketOptions",
                                                Map.of("MarketType", "spot")))));
        Template managed = Templates.of(Templates.FULL, "runner");
        managed.resourceCountIs("AWS::AutoScaling::AutoScalingGroup", 0);
        managed.hasResourceProperties(
                "AWS::ECS::CapacityProvider", Map.of("ManagedInstancesProvider", Match.anyValue()));
    }

    @Test
    void only_instances_without_a_task_are_taken_away() {
        runner.hasResourceProperties(
                "AWS::ECS::CapacityProvider",
                Map.of(
                        "AutoScalingGroupProvider",
                        Match.objectLike(
                                Map.of(
                                        "ManagedTerminationProtection", "ENABLED",
                                        "ManagedDraining", "ENABLED"))));
        runner.hasResourceProperties(
                "AWS::AutoScaling::AutoScalingGroup",
                Map.of("NewInstancesProtectedFromScaleIn", true));
    }

    @Test
    void on_instances_of_ecs_a_task_uses_their_address_and_volumes_of_its_own() {
        Template managed = Templates.of(Templates.FULL, "runner");
        managed.hasResourceProperties(
                "AWS::ECS::TaskDefinition",
                Map.of(
                        "NetworkMode",
                        "host",
                        "Volumes",
                        List.of(Map.of("Name", "models"), Map.of("Name", "scratch"))));
        managed.hasResourceProperties(
                "AWS::ECS::Service", Map.of("NetworkConfiguration", Match.absent()));
        managed.hasResourceProperties("AWS::EC2::Subnet", Map.of("MapPublicIpOnLaunch", true));
    }

    @Test
    void instances_of_ecs_come_from_the_spot_market_too_if_asked_for() {
        Template both = Templates.of(Map.of("managedInstances", "true", "spot", "true"), "runner");
        assertThat(both.findResources("AWS::ECS::CapacityProvider").toString())
                .contains("CapacityOptionType=SPOT");
        assertThat(
                        Templates.of(Templates.FULL, "runner")
                                .findResources("AWS::ECS::CapacityProvider")
                                .toString())
                .contains("CapacityOptionType=ON_DEMAND");
    }

    @ParameterizedTest
    @CsvSource({":7, :7", "@sha256:5ba9, @sha256:5ba9", "'', :latest"})
    void an_image_of_ecr_may_be_pulled(String given, String pulled) {
        String registry = "210987654321.dkr.ecr.eu-west-1.amazonaws.com";
        Template template =
                Templates.of(Map.of("runnerImage", registry + "/team/runner" + given), "runner");
        template.hasResourceProperties(
                "AWS::IAM::Policy",
                Map.of(
                        "PolicyDocument",
                        Match.objectLike(
                                Map.of(
                                        "Statement",
                                        Match.arrayWith(
                                                List.of(
                                                        Match.objectLike(
                                                                Map.of(
                                                                        "Action",
                                                                        Match.arrayWith(
                                                                                List.of(
                                                                                        "ecr:BatchGetImage"))))))))));
        assertThat(template.findResources("AWS::ECS::TaskDefinition").toString())
                .contains("210987654321.dkr.ecr.eu-west-1.")
                .contains("/team/runner" + pulled);
        assertThat(template.findResources("AWS::IAM::Policy").toString())
                .contains(":ecr:eu-west-1:210987654321:repository/team/runner");
    }

    @Test
    void variables_reach_the_programs_but_never_what_the_stacks_say() {
        Map<String, Object> context =
                Map.of(
                        "runnerVariables", "COMFY_CACHE=lru:10,COMFY_DEVICE=cpu",
                        "limits", "pending=100 running=2",
                        "functionVariables", "COMFY_MULTI_USER=true");
        assertThat(
                        Templates.of(context, "runner")
                                .findResources("AWS::ECS::TaskDefinition")
                                .toString())
                .contains("Name=COMFY_CACHE, Value=lru:10")
                .contains("Name=COMFY_LIMITS, Value=pending=100 running=2")
                .contains("Name=COMFY_DEVICE, Value=cuda");
        Templates.of(context, "api")
                .allResourcesProperties(
                        "AWS::Lambda::Function",
                        Map.of(
                                "Environment",
                                Map.of(
                                        "Variables",
                                        Match.objectLike(Map.of("COMFY_MULTI_USER", "true")))));
    }
}
