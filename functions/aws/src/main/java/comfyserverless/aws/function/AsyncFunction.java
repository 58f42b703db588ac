package comfyserverless.aws.function;

import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;

/// Calls a Lambda function without waiting for its answer.
public final class AsyncFunction {
    private final LambdaClient lambda;
    private final String name;

    public AsyncFunction(LambdaClient lambda, String name) {
        this.lambda = lambda;
        this.name = name;
    }

    /// Hands it an event, JSON.
    public void call(String event) {
        lambda.invoke(
                InvokeRequest.builder()
                        .functionName(name)
                        .invocationType(InvocationType.EVENT)
                        .payload(SdkBytes.fromUtf8String(event))
                        .build());
    }
}
