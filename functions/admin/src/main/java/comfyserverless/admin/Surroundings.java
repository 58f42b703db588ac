package comfyserverless.admin;

import comfyserverless.admin.target.Deployment;
import comfyserverless.admin.target.TargetOptions;
import java.io.PrintWriter;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Function;

/// What a call of the program has around it.
///
/// @param target opens the deployment that the options name
/// @param environment the process's variables
/// @param terminal whether the standard error is watched
record Surroundings(
        Function<TargetOptions, Deployment> target,
        Map<String, String> environment,
        InstantSource clock,
        PrintWriter out,
        PrintWriter err,
        boolean terminal) {
    Surroundings {
        environment = Map.copyOf(environment);
    }
}
