package comfyserverless.admin;

import comfyserverless.admin.target.Deployment;
import comfyserverless.admin.target.TargetOptions;
import comfyserverless.contract.tenant.Removal;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a call of the program has around it.
///
/// @param target opens the deployment that the options name
/// @param environment the process's variables
/// @param terminal whether the standard error is watched
/// @param keyboard reads what is typed at the terminal; null at its end
/// @param sleep lets time pass
record Surroundings(
        Function<TargetOptions, Deployment> target,
        Map<String, String> environment,
        InstantSource clock,
        PrintWriter out,
        PrintWriter err,
        boolean terminal,
        Supplier<@Nullable String> keyboard,
        Removal.Sleep sleep) {
    Surroundings {
        environment = Map.copyOf(environment);
    }
}
