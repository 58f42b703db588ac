package comfyserverless.infrastructure;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/// One handler class as a function with its own role and log. It is called by the alias `live` of its
/// published version, which starts from a snapshot taken after its constructor.
final class EntryFunction extends Construct {
    static final String ALIAS = "live";
    private static final String HANDLERS = "comfyserverless.handlers.";
    private static final int MEMORY = 1024;

    private final Function function;
    private final Alias alias;
    private final Role role;

    /// @param name the function's name, known before it is made so that its own role may speak of it
    /// @param entry the handler's class
    record Spec(
            String name,
            String entry,
            Duration timeout,
            Code code,
            Map<String, String> environment) {
        Spec {
            environment = Map.copyOf(environment);
        }
    }

    EntryFunction(Construct scope, String id, Spec spec, List<PolicyStatement> may) {
        super(scope, id);
        LogGroup log =
                LogGroup.Builder.create(this, "Log").retention(RetentionDays.ONE_MONTH).build();
        this.role =
                Role.Builder.create(this, "Role")
                        .assumedBy(new ServicePrincipal("lambda.amazonaws.com"))
                        .build();
        role.addToPolicy(
                Permissions.of(log.getLogGroupArn(), "logs:CreateLogStream", "logs:PutLogEvents"));
        may.forEach(role::addToPolicy);
        this.function =
                Function.Builder.create(this, "Function")
                        .functionName(spec.name())
                        .runtime(Runtime.JAVA_25)
                        .architecture(Architecture.ARM_64)
                        .handler(HANDLERS + spec.entry() + "::handleRequest")
                        .code(spec.code())
                        .memorySize(MEMORY)
                        .timeout(spec.timeout())
                        .environment(spec.environment())
                        .snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS)
                        .tracing(Tracing.ACTIVE)
                        .role(role)
                        .logGroup(log)
                        .build();
        this.alias =
                Alias.Builder.create(this, "Live")
                        .aliasName(ALIAS)
                        .version(function.getCurrentVersion())
                        .build();
    }

    Function function() {
        return function;
    }

    Alias alias() {
        return alias;
    }
}
