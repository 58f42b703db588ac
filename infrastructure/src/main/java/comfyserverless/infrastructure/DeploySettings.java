package comfyserverless.infrastructure;

import comfyserverless.contract.account.Limits;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.constructs.Node;

/// What a deployment may choose, read once from CDK context (`-c prefix=team -c maxRunners=4 …`);
/// docs/deploy.md lists them all.
///
/// @param prefix begins every stack's name, so that several deployments share an account
/// @param functions the zip with the handlers; null: asked for as stack parameters (bucket and key)
public record DeploySettings(
        String prefix,
        @Nullable Path functions,
        Runner runner,
        Web web,
        Auth auth,
        Care care,
        More more) {

    /// What the programs read besides what has a setting of its own.
    ///
    /// @param runner for runners (COMFY_CACHE, COMFY_SHARED_CACHE, COMFY_LOADED_MODELS, …)
    /// @param functions for functions (COMFY_MULTI_USER, …)
    public record More(Map<String, String> runner, Map<String, String> functions) {
        public More {
            runner = Map.copyOf(runner);
            functions = Map.copyOf(functions);
        }
    }

    /// The GPU runners.
    ///
    /// @param image the container image; null: built by a project in the stack
    /// @param instanceType the GPU instance that each runner gets
    /// @param spot whether instances are bought on the spot market
    /// @param managed whether ECS manages the instances, instead of an Auto Scaling group
    /// @param most how many may run at once; none run while nothing waits
    /// @param jobsPerRunner from how many waiting jobs on another runner is started
    /// @param idleMinutes how long a runner without work stays
    /// @param cacheGigabytes how much of the local disk fetched models may take
    public record Runner(
            @Nullable String image,
            String instanceType,
            boolean spot,
            boolean managed,
            int most,
            int jobsPerRunner,
            int idleMinutes,
            int cacheGigabytes) {}

    /// The public side.
    ///
    /// @param root the page's folder
    /// @param waf whether a web ACL with rate limit and AWS's common rules is made
    /// @param webAcl the ARN of a web ACL that exists
    /// @param domain a host name of one's own, with its certificate
    /// @param secretGeneration rises by one to change the secret between CloudFront and the functions
    public record Web(
            @Nullable Path root,
            boolean waf,
            @Nullable String webAcl,
            @Nullable Domain domain,
            int secretGeneration) {}

    /// A host name of one's own.
    ///
    /// @param certificate its ARN in us-east-1
    public record Domain(String name, String certificate) {}

    /// How callers show who they are.
    ///
    /// @param environment what the functions are told of it
    public record Auth(Map<String, String> environment) {
        /// What is told of an issuer of web tokens, by the names of the context.
        private static final Map<String, String> ISSUER =
                Map.of(
                        "jwtIssuer", "COMFY_JWT_ISSUER",
                        "jwtAudience", "COMFY_JWT_AUDIENCE",
                        "jwtKeys", "COMFY_JWT_KEYS",
                        "jwtTenantClaim", "COMFY_JWT_TENANT_CLAIM",
                        "jwtTenant", "COMFY_JWT_TENANT");

        public Auth {
            environment = Map.copyOf(environment);
        }

        /// Whether anybody may call who knows the address.
        boolean isOpen() {
            return "none".equals(environment.get("COMFY_AUTH"));
        }

        private static Auth from(Context context) {
            Map<String, String> environment = new HashMap<>();
            String mode = context.text("auth", "key");
            environment.put("COMFY_AUTH", mode);
            switch (mode) {
                case "key" -> {}
                case "none" -> {
                    if (context.text("webAcl") == null) {
                        throw context.wrong(
                                "auth",
                                mode,
                                "key or jwt, or none beside a webAcl with the addresses that may come");
                    }
                }
                case "jwt", "key,jwt" -> {
                    for (String needed : List.of("jwtIssuer", "jwtAudience", "jwtKeys")) {
                        if (context.text(needed) == null) {
                            throw context.wrong("auth", mode, mode + " beside " + needed);
                        }
                    }
                }
                default -> throw context.wrong("auth", mode, "key, jwt, \"key,jwt\" or none");
            }
            ISSUER.forEach((name, variable) -> {
                String value = context.text(name);
                if (value != null) {
                    environment.put(variable, value);
                }
            });
            return new Auth(environment);
        }
    }

    /// Who hears of trouble and cost.
    ///
    /// @param email gets alarms and budget mails; null: nobody does
    /// @param monthlyDollars what the budget warns about
    /// @param socketLogs whether the WebSocket API writes access logs, which needs the account's
    ///     CloudWatch role for API Gateway
    public record Care(@Nullable String email, int monthlyDollars, boolean socketLogs) {}

    static DeploySettings from(Node node) {
        return from(new Context(node::tryGetContext));
    }

    /// As given by name.
    ///
    /// @param values null for a name that was not given
    /// @throws IllegalArgumentException for a wrong value, with its name
    public static DeploySettings from(Function<String, @Nullable Object> values) {
        return from(new Context(values));
    }

    private static DeploySettings from(Context context) {
        return new DeploySettings(
                context.text("prefix", "comfy"),
                context.existing("functions"),
                new Runner(
                        context.text("runnerImage"),
                        context.text("instanceType", "g6.xlarge"),
                        context.flag("spot"),
                        context.flag("managedInstances"),
                        context.number("maxRunners", 2),
                        context.number("jobsPerRunner", 4),
                        context.number("idleMinutes", 10),
                        context.number("modelCacheGigabytes", 200)),
                new Web(
                        context.existing("webRoot"),
                        context.flag("waf"),
                        context.text("webAcl"),
                        domain(context),
                        context.number("secretGeneration", 1)),
                Auth.from(context),
                new Care(
                        context.text("email"),
                        context.number("budget", 100),
                        context.flag("socketLogs")),
                more(context));
    }

    /// Limits hold for functions and runners alike.
    private static More more(Context context) {
        Map<String, String> runner = new HashMap<>(context.variables("runnerVariables"));
        Map<String, String> functions = new HashMap<>(context.variables("functionVariables"));
        String limits = context.text("limits");
        if (limits != null) {
            try {
                Limits.parse(limits);
            } catch (IllegalArgumentException e) {
                throw context.wrong(
                        "limits",
                        limits,
                        "a list like \"pending=100 running=2\" (" + e.getMessage() + ")");
            }
            runner.put("COMFY_LIMITS", limits);
            functions.put("COMFY_LIMITS", limits);
        }
        return new More(runner, functions);
    }

    private static @Nullable Domain domain(Context context) {
        String name = context.text("domain");
        String certificate = context.text("certificate");
        if ((name == null) != (certificate == null)) {
            throw new IllegalArgumentException(
                    "domain is "
                            + name
                            + " and certificate is "
                            + certificate
                            + ": a domain of your own needs both, the certificate's ARN from us-east-1");
        }
        return name == null || certificate == null ? null : new Domain(name, certificate);
    }
}
