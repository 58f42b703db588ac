package comfyserverless.infrastructure.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// Compares an account with what a deployment needs.
public final class Doctor {
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
    /// @param waf whether a web ACL is to be made
    public record Wish(String instanceType, int runners, boolean spot, boolean waf) {}

    public Doctor(Account account, Wish wish) {
        this.account = account;
        this.wish = wish;
    }

    /// In the order in which one would put things right.
    public List<Finding> look() {
        List<Finding> findings = new ArrayList<>();
        findings.add(
                Finding.fine("You are %s in %s.".formatted(account.caller(), account.region())));
        Optional<Integer> cores = account.cores(wish.instanceType());
        if (cores.isEmpty()) {
            findings.add(
                    Finding.trouble(
                            "There is no instance type %s in %s: choose another with -c instanceType=… or another region."
                                    .formatted(wish.instanceType(), account.region())));
        } else {
            findings.add(zones());
            findings.add(gpus(cores.get()));
        }
        findings.add(functions());
        findings.add(requests());
        firewall().ifPresent(findings::add);
        return findings;
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
        if (!wish.waf() || account.region().equals("us-east-1")) {
            return Optional.empty();
        }
        return Optional.of(
                Finding.trouble(
                        "A web ACL for CloudFront can only be made in us-east-1, not in %s: make it there and name it with -c webAcl=ARN, or deploy in us-east-1."
                                .formatted(account.region())));
    }
}
