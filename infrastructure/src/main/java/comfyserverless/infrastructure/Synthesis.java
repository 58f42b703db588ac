package comfyserverless.infrastructure;

import java.nio.file.Path;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;

/// Writes the CloudFormation templates of all stacks into a folder (`cdk.out`); also what
/// `cdk deploy --app` runs.
public final class Synthesis {
    private Synthesis() {}

    public static void main(String[] args) {
        if (Node.find(System.getenv()).isEmpty()) {
            System.err.println(Node.MISSING);
            return;
        }
        Path folder = Path.of(args.length > 0 ? args[0] : "target/cdk.out");
        synthesise(folder);
    }

    static App synthesise(Path folder) {
        App app = new App(AppProps.builder().outdir(folder.toString()).build());
        DeploySettings settings = DeploySettings.from(app.getNode());
        StateStack state = new StateStack(app, settings);
        ApiStack api = new ApiStack(app, settings, state);
        new RunnerStack(app, settings, state, api);
        app.synth();
        return app;
    }
}
