package comfyserverless.infrastructure.doctor;

import java.net.URI;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;

/// `infrastructure/doctor [--instance-type T] [--runners N] [--spot] [--waf]`: prints a sentence for each
/// finding; ends with 1 if one of them is trouble.
public final class DoctorMain {
    private DoctorMain() {}

    public static void main(String[] arguments) {
        List<String> given = List.of(arguments);
        Map<String, String> environment = System.getenv();
        String region = environment.getOrDefault("AWS_REGION", "us-east-1");
        String endpoint = environment.get("AWS_ENDPOINT_URL");
        Doctor.Wish wish =
                new Doctor.Wish(
                        value(given, "--instance-type", "g6.xlarge"),
                        Integer.parseInt(value(given, "--runners", "2")),
                        given.contains("--spot"),
                        given.contains("--waf"));
        Account account = new AwsAccount(region, endpoint == null ? null : URI.create(endpoint));
        try {
            List<Finding> findings = new Doctor(account, wish).look();
            findings.forEach(
                    finding -> System.out.printf("%-8s %s%n", finding.kind(), finding.sentence()));
            System.exit(findings.stream().anyMatch(f -> f.kind() == Finding.Kind.TROUBLE) ? 1 : 0);
        } catch (SdkException e) {
            System.err.println(
                    "AWS could not be asked in "
                            + region
                            + " (AWS_REGION): "
                            + e.getMessage()
                            + " Credentials come from the environment, ~/.aws or SSO.");
            System.exit(2);
        }
    }

    private static String value(List<String> given, String name, String preset) {
        int at = given.indexOf(name);
        return at < 0 || at + 1 == given.size() ? preset : given.get(at + 1);
    }
}
