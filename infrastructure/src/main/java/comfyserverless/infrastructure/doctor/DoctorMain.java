package comfyserverless.infrastructure.doctor;

import comfyserverless.infrastructure.DeploySettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;

/// `infrastructure/doctor [-c NAME=VALUE]…`, with the settings that `cdk deploy` will get: prints a sentence
/// for each finding; ends with 1 if one of them is trouble.
public final class DoctorMain {
    private DoctorMain() {}

    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        String region = environment.getOrDefault("AWS_REGION", "us-east-1");
        String endpoint = environment.get("AWS_ENDPOINT_URL");
        try {
            GivenSettings given = GivenSettings.parse(List.of(arguments));
            DeploySettings settings = DeploySettings.from(given);
            List<Finding> findings = new ArrayList<>(given.findings());
            findings.forEach(DoctorMain::print);
            Account account =
                    new AwsAccount(region, endpoint == null ? null : URI.create(endpoint));
            List<Finding> looked = new Doctor(account, Doctor.Wish.of(settings)).look();
            looked.forEach(DoctorMain::print);
            findings.addAll(looked);
            System.exit(findings.stream().anyMatch(f -> f.kind() == Finding.Kind.TROUBLE) ? 1 : 0);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (SdkException e) {
            System.err.println(
                    "AWS could not be asked in "
                            + region
                            + " (AWS_REGION): "
                            + Unanswered.reason(e)
                            + ".");
            System.exit(2);
        }
    }

    private static void print(Finding finding) {
        System.out.printf("%-8s %s%n", finding.kind(), finding.sentence());
    }
}
