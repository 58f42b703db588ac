package comfyserverless.infrastructure.doctor;

import comfyserverless.infrastructure.DeploySettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/// Compares an account with what a deployment needs.
public final class Doctor {
    private static final String EDGE = "us-east-1";
    private static final int REGION_OF_ARN = 3;
    private static final int FEW_ZONES = 2;
    private static final double CONCURRENT_FUNCTIONS = 100;
    private static final double REQUESTS_PER_SECOND = 2500;

    private final Account account;
    private final Wish wish;

    /// What is to be deployed.
    ///
    /// @param instanceType of each runner
    /// @param runners at most
    /// @param spot whether they are bought on the spot market
    public record Wish(String instanceType, int runners, boolean spot, Edge edge, boolean mails) {
        static Wish of(DeploySettings settings) {
            DeploySettings.Runner runner = settings.runner();
            DeploySettings.Domain domain = settings.web().domain();
            return new Wish(
                    runner.instanceType(),
                    runner.most(),
                    runner.spot(),
                    new Edge(
                            settings.web().waf(),
                            settings.web().webAcl(),
                            domain == null ? null : domain.certificate()),
                    settings.care().email() != null);
        }
    }

    /// What CloudFront is given.
    ///
    /// @param waf whether a web ACL is to be made
    /// @param webAcl the ARN of one that exists
    /// @param certificate the ARN of a domain's
    public record Edge(boolean waf, @Nullable String webAcl, @Nullable String certificate) {
        static final Edge PLAIN = new Edge(false, null, null);
    }

    public Doctor(Account account, Wish wish) {
        this.account = account;
        this.wish = wish;
    }

    /// In the order in which one would put things right.
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                Finding.fine("You are %s in %s.".formatted(account.caller(), account.region())));
        findings.addAll(seen("the instance type", this::instances));
        findings.addAll(seen("the CDK's bootstrap", () -> List.of(bootstrap())));
        findings.addAll(seen("the functions' quota", () -> List.of(functions())));
        findings.addAll(seen("API Gateway's quota", () -> List.of(requests())));
        firewall().ifPresent(findings::add);
        elsewhere("certificate", wish.edge().certificate()).ifPresent(findings::add);
        elsewhere("webAcl", wish.edge().webAcl()).ifPresent(findings::add);
        if (!wish.mails()) {
            findings.add(
                    Finding.warning(
                            "Nobody would hear of alarms and of the budget: give -c email=ADDRESS."));
        }
        return findings;
    }

    /// Who may not look at one thing still wants to know of the others.
    private static List<Finding> seen(String what, Supplier<List<Finding>> look) {
        try {
            return look.get();
        } catch (SdkException e) {
            return List.of(
                    Finding.warning(
                            "Of %s nothing is known: %s".formatted(what, Unanswered.reason(e))));
        }
    }

    private List<Finding> instances() {
        Optional<Integer> cores = account.cores(wish.instanceType());
        if (cores.isEmpty()) {
            return List.of(
                    Finding.trouble(
                            "There is no instance type %s in %s: choose another with -c instanceType=… or another region."
                                    .formatted(wish.instanceType(), account.region())));
        }
        return List.of(zones(), gpus(cores.get()));
    }

    private Finding zones() {
        List<String> zones = account.zones(wish.instanceType());
        if (zones.isEmpty()) {
            return Finding.trouble(
                    "No zone of %s offers %s: runners would never start; choose another type or region."
                            .formatted(account.region(), wish.instanceType()));
        }
        String sentence =
                "%s is offered in %s.".formatted(wish.instanceType(), String.join(", ", zones));
        return zones.size() < FEW_ZONES
                ? Finding.warning(
                        sentence + " With a single zone runners wait longer for capacity.")
                : Finding.fine(sentence);
    }

    /// The quota counts virtual cores of the whole family.
    private Finding gpus(int cores) {
        GpuQuota quota = GpuQuota.of(wish.instanceType(), wish.spot());
        double allowed = account.quota("ec2", quota.code()).orElse(0);
        int needed = cores * wish.runners();
        if (allowed < cores) {
            return Finding.trouble(
                    "The quota \"%s\" (%s) is %.0f virtual cores, one %s has %d: a deployment succeeds and every job waits for ever. Ask for at least %d: aws service-quotas request-service-quota-increase --service-code ec2 --quota-code %s --desired-value %d"
                            .formatted(
                                    quota.name(),
                                    quota.code(),
                                    allowed,
                                    wish.instanceType(),
                                    cores,
                                    needed,
                                    quota.code(),
                                    needed));
        }
        if (allowed < needed) {
            return Finding.warning(
                    "The quota \"%s\" (%s) of %.0f virtual cores is enough for %d of %d runners."
                            .formatted(
                                    quota.name(),
                                    quota.code(),
                                    allowed,
                                    (int) (allowed / cores),
                                    wish.runners()));
        }
        return Finding.fine(
                "The quota \"%s\" of %.0f virtual cores is enough for %d runners."
                        .formatted(quota.name(), allowed, wish.runners()));
    }

    private Finding functions() {
        OptionalDouble allowed = account.quota("lambda", "L-B99A9384");
        double most = allowed.orElse(CONCURRENT_FUNCTIONS);
        return most < CONCURRENT_FUNCTIONS
                ? Finding.warning(
                        "Only %.0f functions may run at once in this account (L-B99A9384): a page with its many requests may get 429; ask for %.0f or more."
                                .formatted(most, CONCURRENT_FUNCTIONS))
                : Finding.fine("%.0f functions may run at once.".formatted(most));
    }

    private Finding requests() {
        double most = account.quota("apigateway", "L-8A5B8E43").orElse(REQUESTS_PER_SECOND);
        return Finding.fine(
                "API Gateway takes %.0f requests a second for HTTP, sockets and messages to sockets together."
                        .formatted(most));
    }

    private Optional<Finding> firewall() {
        if (!wish.edge().waf() || account.region().equals(EDGE)) {
            return Optional.empty();
        }
        return Optional.of(
                Finding.trouble(
                        "A web ACL for CloudFront can only be made in us-east-1, not in %s: make it there and name it with -c webAcl=ARN, or deploy in us-east-1."
                                .formatted(account.region())));
    }

    private Finding bootstrap() {
        return account.isBootstrapped()
                ? Finding.fine("The CDK may deploy here.")
                : Finding.trouble(
                        "The CDK has not been prepared in %s: npx aws-cdk@2 bootstrap"
                                .formatted(account.region()));
    }

    /// CloudFront takes certificates and web ACLs of us-east-1 only.
    private static Optional<Finding> elsewhere(String setting, @Nullable String arn) {
        if (arn == null || region(arn).equals(EDGE)) {
            return Optional.empty();
        }
        return Optional.of(
                Finding.trouble(
                        "-c %s=%s is not an ARN of %s, from where alone CloudFront takes it."
                                .formatted(setting, arn, EDGE)));
    }

    private static String region(String arn) {
        String[] parts = arn.split(":", -1);
        return parts.length > REGION_OF_ARN ? parts[REGION_OF_ARN] : "";
    }
}
