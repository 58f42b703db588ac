package comfyserverless.infrastructure.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.infrastructure.DeploySettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;

class DoctorTest {
    private final Map<String, Double> quotas =
            new HashMap<>(
                    Map.of(
                            "L-DB2E81BA",
                            8.0,
                            "L-3819A6DF",
                            0.0,
                            "L-B99A9384",
                            1000.0,
                            "L-8A5B8E43",
                            10_000.0));
    private boolean bootstrapped = true;
    private boolean forbidden;
    private List<String> zones = List.of("eu-west-1a", "eu-west-1b");

    private final Account account =
            new Account() {
                @Override
                public String caller() {
                    return "arn:aws:iam::123456789012:user/somebody";
                }

                @Override
                public String region() {
                    return "eu-west-1";
                }

                @Override
                public OptionalDouble quota(String service, String code) {
                    Double value = quotas.get(code);
                    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
                }

                @Override
                public Optional<Integer> cores(String instanceType) {
                    return instanceType.equals("g6.xlarge") ? Optional.of(4) : Optional.empty();
                }

                @Override
                public boolean isBootstrapped() {
                    if (forbidden) {
                        throw SdkClientException.create("you may not DescribeStacks");
                    }
                    return bootstrapped;
                }

                @Override
                public List<String> zones(String instanceType) {
                    return zones;
                }
            };

    private static Doctor.Wish wish(String instanceType, int runners, boolean spot) {
        return new Doctor.Wish(instanceType, runners, spot, Doctor.Edge.PLAIN, true);
    }

    private List<Finding> look(Doctor.Wish wish) {
        return new Doctor(account, wish).look();
    }

    private List<String> troubles(Doctor.Wish wish) {
        return look(wish).stream()
                .filter(finding -> finding.kind() == Finding.Kind.TROUBLE)
                .map(Finding::sentence)
                .toList();
    }

    @Test
    void what_aws_does_not_answer_is_told_in_a_line() {
        SdkClientException nobody =
                SdkClientException.create(
                        "Unable to load credentials from any of the providers in the chain Chain([A, B])");
        assertThat(Unanswered.reason(nobody)).contains("aws sso login").doesNotContain("Chain");
        AwsErrorDetails details =
                AwsErrorDetails.builder().errorMessage("You may not").errorCode("Denied").build();
        assertThat(Unanswered.reason(Ec2Exception.builder().awsErrorDetails(details).build()))
                .isEqualTo("You may not");
        assertThat(Unanswered.reason(SdkClientException.create("Connection refused")))
                .isEqualTo("Connection refused");
    }

    @Test
    void an_account_that_has_all_is_fine() {
        assertThat(look(wish("g6.xlarge", 2, false)))
                .extracting(Finding::kind)
                .containsOnly(Finding.Kind.FINE);
    }

    @Test
    void a_gpu_quota_of_zero_is_trouble_and_says_how_to_raise_it() {
        assertThat(troubles(wish("g6.xlarge", 2, true)))
                .singleElement()
                .asString()
                .contains("waits for ever", "--quota-code L-3819A6DF --desired-value 8");
    }

    @Test
    void too_small_a_quota_says_for_how_many_runners_it_is_enough() {
        assertThat(look(wish("g6.xlarge", 5, false)))
                .anySatisfy(finding -> {
                    assertThat(finding.kind()).isEqualTo(Finding.Kind.WARNING);
                    assertThat(finding.sentence()).contains("enough for 2 of 5 runners");
                });
    }

    @Test
    void an_instance_type_that_nobody_offers_is_trouble() {
        assertThat(troubles(wish("g9.huge", 1, false)))
                .singleElement()
                .asString()
                .contains("no instance type g9.huge in eu-west-1");
        zones = List.of();
        assertThat(troubles(wish("g6.xlarge", 1, false)))
                .singleElement()
                .asString()
                .contains("No zone");
    }

    @Test
    void a_new_accounts_few_functions_are_a_warning() {
        quotas.put("L-B99A9384", 10.0);
        assertThat(look(wish("g6.xlarge", 1, false)))
                .anySatisfy(finding ->
                        assertThat(finding.sentence())
                                .contains("Only 10 functions may run at once"));
    }

    @Test
    void a_firewall_outside_us_east_1_is_trouble() {
        assertThat(
                        troubles(
                                new Doctor.Wish(
                                        "g6.xlarge",
                                        1,
                                        false,
                                        new Doctor.Edge(true, null, null),
                                        true)))
                .singleElement()
                .asString()
                .contains("us-east-1");
    }

    @Test
    void an_account_without_bootstrap_is_trouble_and_says_how_to_do_it() {
        bootstrapped = false;
        assertThat(troubles(wish("g6.xlarge", 1, false)))
                .singleElement()
                .asString()
                .contains("npx aws-cdk@2 bootstrap");
    }

    @Test
    void certificates_and_firewalls_from_elsewhere_are_trouble() {
        String here = "arn:aws:acm:eu-west-1:123456789012:certificate/a";
        Doctor.Edge edge = new Doctor.Edge(false, "no-arn", here);
        assertThat(troubles(new Doctor.Wish("g6.xlarge", 1, false, edge, true)))
                .hasSize(2)
                .anySatisfy(sentence -> assertThat(sentence).contains("-c certificate=" + here))
                .anySatisfy(sentence -> assertThat(sentence).contains("-c webAcl=no-arn"));
        Doctor.Edge right =
                new Doctor.Edge(
                        false,
                        "arn:aws:wafv2:us-east-1:123456789012:global/webacl/a/b",
                        here.replace("eu-west-1", "us-east-1"));
        assertThat(troubles(new Doctor.Wish("g6.xlarge", 1, false, right, true))).isEmpty();
    }

    @Test
    void alarms_that_nobody_hears_are_a_warning() {
        assertThat(look(new Doctor.Wish("g6.xlarge", 1, false, Doctor.Edge.PLAIN, false)))
                .anySatisfy(finding -> {
                    assertThat(finding.kind()).isEqualTo(Finding.Kind.WARNING);
                    assertThat(finding.sentence()).contains("-c email=");
                });
    }

    @Test
    void the_settings_of_the_deployment_are_what_is_looked_at() {
        GivenSettings given =
                GivenSettings.parse(
                        List.of("-c", "maxRunners=5", "-c", "spot=true", "-c", "maxRunner=7"));
        Doctor.Wish wish = Doctor.Wish.of(DeploySettings.from(given));
        assertThat(wish.runners()).isEqualTo(5);
        assertThat(wish.spot()).isTrue();
        assertThat(wish.instanceType()).isEqualTo("g6.xlarge");
        assertThat(given.findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.sentence()).contains("-c maxRunner=7"));
    }

    @Test
    void a_flag_that_is_no_setting_is_told_with_what_is_expected() {
        assertThatThrownBy(() -> GivenSettings.parse(List.of("--runners", "2")))
                .hasMessageContaining("-c instanceType=g6.xlarge");
    }

    @Test
    void what_one_may_not_look_at_hides_nothing_else() {
        forbidden = true;
        assertThat(look(wish("g6.xlarge", 2, false)))
                .anySatisfy(finding ->
                        assertThat(finding.sentence())
                                .contains("bootstrap", "you may not DescribeStacks"))
                .anySatisfy(finding -> assertThat(finding.sentence()).contains("enough for 2"));
    }
}
