package comfyserverless.infrastructure.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

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
                public List<String> zones(String instanceType) {
                    return zones;
                }
            };

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
    void an_account_that_has_all_is_fine() {
        assertThat(look(new Doctor.Wish("g6.xlarge", 2, false, false)))
                .extracting(Finding::kind)
                .containsOnly(Finding.Kind.FINE);
    }

    @Test
    void a_gpu_quota_of_zero_is_trouble_and_says_how_to_raise_it() {
        assertThat(troubles(new Doctor.Wish("g6.xlarge", 2, true, false)))
                .singleElement()
                .asString()
                .contains("waits for ever", "--quota-code L-3819A6DF --desired-value 8");
    }

    @Test
    void too_small_a_quota_says_for_how_many_runners_it_is_enough() {
        assertThat(look(new Doctor.Wish("g6.xlarge", 5, false, false)))
                .anySatisfy(finding -> {
                    assertThat(finding.kind()).isEqualTo(Finding.Kind.WARNING);
                    assertThat(finding.sentence()).contains("enough for 2 of 5 runners");
                });
    }

    @Test
    void an_instance_type_that_nobody_offers_is_trouble() {
        assertThat(troubles(new Doctor.Wish("g9.huge", 1, false, false)))
                .singleElement()
                .asString()
                .contains("no instance type g9.huge in eu-west-1");
        zones = List.of();
        assertThat(troubles(new Doctor.Wish("g6.xlarge", 1, false, false)))
                .singleElement()
                .asString()
                .contains("No zone");
    }

    @Test
    void a_new_accounts_few_functions_are_a_warning() {
        quotas.put("L-B99A9384", 10.0);
        assertThat(look(new Doctor.Wish("g6.xlarge", 1, false, false)))
                .anySatisfy(finding ->
                        assertThat(finding.sentence())
                                .contains("Only 10 functions may run at once"));
    }

    @Test
    void a_firewall_outside_us_east_1_is_trouble() {
        assertThat(troubles(new Doctor.Wish("g6.xlarge", 1, false, true)))
                .singleElement()
                .asString()
                .contains("us-east-1");
    }
}
