package comfyserverless.admin;

import comfyserverless.admin.report.Refusal;
import comfyserverless.admin.report.Report;
import comfyserverless.admin.target.Deployment;
import comfyserverless.admin.target.TargetOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// The command line: what all commands share, and what becomes of a failure.
@Command(
        name = "comfy-admin",
        description =
                "Tenants, keys, models and webhooks of a deployment, or of a local stack that runs (--local).",
        mixinStandardHelpOptions = true,
        version = "comfy-admin 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused or failed, a sentence says why",
            "2:the command line is wrong"
        })
public final class ComfyAdmin implements Runnable, Session {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    private final Surroundings around;

    @Option(
            names = "--json",
            scope = ScopeType.INHERIT,
            description = "results, and failures, as one line of JSON")
    boolean json;

    @Mixin final TargetOptions target = new TargetOptions();

    @Spec @Nullable CommandSpec spec;

    private ComfyAdmin(Surroundings around) {
        this.around = around;
    }

    /// Runs a command.
    ///
    /// @return the exit code
    static int run(Surroundings around, String... arguments) {
        ComfyAdmin root = new ComfyAdmin(around);
        CommandLine line = new CommandLine(root);
        line.addSubcommand(TenantCommands.line(root));
        line.addSubcommand(new KeyCommands(root));
        line.addSubcommand(new ModelCommands(root));
        line.addSubcommand(new WebhookCommands(root));
        line.setOut(around.out()).setErr(around.err());
        line.setExecutionExceptionHandler((failure, command, parsed) -> root.failed(failure));
        return line.execute(arguments);
    }

    private int failed(Exception failure) {
        switch (failure) {
            case Refusal refusal -> report().failed(refusal.sentence());
            case IllegalArgumentException wrong -> {
                report().failed(String.valueOf(wrong.getMessage()));
                return MISUSED;
            }
            case UncheckedIOException io ->
                    report().failed(
                                    "It did not work: "
                                            + Refusal.reason(io)
                                            + ". Nothing but what was told before has changed.");
            default -> {
                report().failed("It did not work: " + failure);
                failure.printStackTrace(around.err());
            }
        }
        return FAILED;
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                spec == null ? new CommandLine(this) : spec.commandLine(),
                "Give a command: tenant, key, models or webhooks.");
    }

    @Override
    public Deployment open() {
        return around.target().apply(target);
    }

    @Override
    public Report report() {
        return new Report(around.out(), around.err(), json, around.terminal());
    }

    @Override
    public InstantSource clock() {
        return around.clock();
    }

    @Override
    public void pause(Duration time) {
        around.sleep().during(time);
    }

    @Override
    public Optional<String> ask(String question) {
        if (!around.terminal()) {
            return Optional.empty();
        }
        around.err().print(question + " ");
        around.err().flush();
        return Optional.ofNullable(around.keyboard().get());
    }

    @Override
    public Map<String, String> environment() {
        return around.environment();
    }
}
