package comfyserverless.infrastructure;

import java.nio.file.Path;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.DefaultStackSynthesizer;

/// Writes the CloudFormation templates of all stacks into a folder: `cdk.out`, or where the `cdk` command
/// wants them.
public final class Synthesis {
    private Synthesis() {}

    public static void main(String[] args) {
        Map<String, String> environment = System.getenv();
        if (Node.find(environment).isEmpty()) {
            System.err.println(Node.MISSING);
            return;
        }
        String folder = environment.getOrDefault("CDK_OUTDIR", "target/cdk.out");
        synthesise(Path.of(args.length > 0 ? args[0] : folder), Map.of());
    }

    /// The `cdk` command looks at the account's bootstrap version itself; without the parameter a template
    /// also deploys where that was never done, such as an emulator.
    private static DefaultStackSynthesizer withoutVersionParameter() {
        return DefaultStackSynthesizer.Builder.create().generateBootstrapVersionRule(false).build();
    }

    /// @param context settings beside those that the `cdk` command gives
    static App synthesise(Path folder, Map<String, Object> context) {
        App app =
                new App(
                        AppProps.builder()
                                .outdir(folder.toString())
                                .context(context)
                                .analyticsReporting(false)
                                .defaultStackSynthesizer(withoutVersionParameter())
                                .build());
        DeploySettings settings = DeploySettings.from(app.getNode());
        StateStack state = new StateStack(app, settings);
        ApiStack api = new ApiStack(app, settings, state);
        new WebStack(app, settings, state, api);
        new RunnerStack(app, settings, state, api);
        new WatchStack(app, settings, state, api);
        new BudgetStack(app, settings);
        app.synth();
        return app;
    }
}
