package comfyserverless.localstack.smoke;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/// `localstack/smoke URL [HTTP_API_URL]`: asks a deployment (or a local stack) about each point that the
/// design assumes of AWS, with the key in COMFY_KEY if there is one; prints a line for each and ends with 1 if one does not hold.
public final class SmokeMain {
    private static final Duration ELEVEN_MINUTES = Duration.ofMinutes(11);
    private static final String USAGE =
            """
            localstack/smoke URL [HTTP_API_URL] [--deployment PREFIX | --data DIR] [--tenant NAME] [--long]
              URL              the deployment's address; COMFY_KEY is the key to show
              HTTP_API_URL     the HTTP API's own, to see that it refuses who goes around CloudFront
              --deployment PREFIX  posts messages to sockets of this deployment, with the rights of the AWS
                               profile at hand; AWS_REGION says where it is
              --data DIR       the same for a local stack with this data folder
              --tenant NAME    whose key is shown (default)
              --long           also leaves a socket silent for eleven minutes\
            """;

    private SmokeMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        System.exit(run(List.of(arguments), System.getenv()));
    }

    private static int run(List<String> arguments, Map<String, String> environment)
            throws InterruptedException {
        List<URI> addresses = new ArrayList<>();
        Map<String, String> flags = new HashMap<>();
        try {
            read(new ArrayDeque<>(arguments), addresses, flags);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage() + "\n" + USAGE);
            return 2;
        }
        try (Inside inside = inside(flags, environment)) {
            Smoke.Extent extent =
                    new Smoke.Extent(
                            addresses.size() > 1 ? addresses.get(1) : null,
                            inside,
                            flags.containsKey("--long") ? ELEVEN_MINUTES : null);
            List<Outcome> outcomes =
                    Smoke.of(addresses.getFirst(), environment.get("COMFY_KEY"), extent).run();
            outcomes.forEach(outcome -> System.out.println(outcome.line()));
            return outcomes.stream().allMatch(Outcome::holds) ? 0 : 1;
        } catch (IllegalArgumentException | IOException | SdkException e) {
            System.err.println("The deployment cannot be looked into: " + e.getMessage());
            return 2;
        }
    }

    private static void read(Deque<String> rest, List<URI> addresses, Map<String, String> flags) {
        while (!rest.isEmpty()) {
            String word = rest.removeFirst();
            switch (word) {
                case "--long" -> flags.put(word, "");
                case "--deployment", "--data", "--tenant" -> {
                    if (rest.isEmpty()) {
                        throw new IllegalArgumentException(word + " needs a value");
                    }
                    flags.put(word, rest.removeFirst());
                }
                default -> addresses.add(address(word));
            }
        }
        if (addresses.isEmpty() || addresses.size() > 2) {
            throw new IllegalArgumentException("Give one address or two.");
        }
    }

    private static URI address(String word) {
        if (!word.matches("https?://.+")) {
            throw new IllegalArgumentException("What is " + word + "?");
        }
        return URI.create(word);
    }

    private static @Nullable Inside inside(
            Map<String, String> flags, Map<String, String> environment) throws IOException {
        String tenant = flags.getOrDefault("--tenant", "default");
        String data = flags.get("--data");
        String prefix = flags.get("--deployment");
        if (data != null) {
            return Inside.ofLocalStack(Path.of(data), tenant);
        }
        if (prefix == null) {
            return null;
        }
        String region = environment.get("AWS_REGION");
        if (region == null) {
            throw new IllegalArgumentException("set AWS_REGION, for example to eu-west-1");
        }
        return Inside.ofDeployment(prefix, region, tenant);
    }
}
