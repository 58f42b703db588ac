package comfyserverless.infrastructure;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.CfnParameter;
import software.amazon.awscdk.services.lambda.CfnParametersCodeProps;
import software.amazon.awscdk.services.lambda.Code;
import software.constructs.Construct;

/// Where the functions' code comes from: a zip that `cdk deploy` uploads, or a bucket and key asked for
/// as parameters where the template is deployed by itself.
final class FunctionCode {
    private FunctionCode() {}

    static Code of(Construct scope, @Nullable Path zip) {
        if (zip != null) {
            return Code.fromAsset(zip.toString());
        }
        return Code.fromCfnParameters(
                CfnParametersCodeProps.builder()
                        .bucketNameParam(
                                text(
                                        scope,
                                        "FunctionsBucket",
                                        "The bucket with the functions' zip"))
                        .objectKeyParam(
                                text(scope, "FunctionsKey", "The key of the functions' zip in it"))
                        .build());
    }

    private static CfnParameter text(Construct scope, String name, String description) {
        return CfnParameter.Builder.create(scope, name)
                .type("String")
                .description(description)
                .build();
    }
}
