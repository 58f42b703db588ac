package comfyserverless.localstack.smoke;

import java.net.URI;
import java.util.List;

/// `localstack/smoke URL [HTTP_API_URL]`: asks a deployment (or a local stack) about each point that the
/// design assumes of AWS, with the key in COMFY_KEY if there is one; prints a line for each and ends with 1 if one does not hold.
public final class SmokeMain {
    private SmokeMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length == 0 || arguments.length > 2) {
            System.err.println(
                    "localstack/smoke URL [HTTP_API_URL]: the deployment's address, and the HTTP API's own to"
                            + " see that it refuses who goes around CloudFront. COMFY_KEY is the key to show");
            System.exit(2);
        }
        URI direct = arguments.length == 2 ? URI.create(arguments[1]) : null;
        List<Outcome> outcomes =
                Smoke.of(URI.create(arguments[0]), direct, System.getenv("COMFY_KEY")).run();
        outcomes.forEach(outcome -> System.out.println(outcome.line()));
        System.exit(outcomes.stream().allMatch(Outcome::holds) ? 0 : 1);
    }
}
