package comfyserverless.infrastructure;

import org.jspecify.annotations.Nullable;
import software.constructs.Node;

/// What a deployment may choose, read once from CDK context (`cdk deploy -c prefix=team -c …`).
///
/// @param prefix begins every stack's name, so that several deployments share an account
/// @param runnerImage the runner's container image; null: asked for as a stack parameter
/// @param instanceType the GPU instance that runners get
/// @param maxRunners how many GPU instances may run at once; none run while nothing waits
record DeploySettings(
        String prefix, String instanceType, int maxRunners, @Nullable String runnerImage) {

    static DeploySettings from(Node context) {
        return new DeploySettings(
                text(context, "prefix", "comfy"),
                text(context, "instanceType", "g6.xlarge"),
                Integer.parseInt(text(context, "maxRunners", "2")),
                context.tryGetContext("runnerImage") instanceof String image ? image : null);
    }

    private static String text(Node context, String key, String otherwise) {
        Object value = context.tryGetContext(key);
        return value == null ? otherwise : value.toString();
    }
}
