package comfyserverless.localstack.real;

/// Stands where LocalStack loads an agent into the DynamoDB server that it expects; ours needs none.
public final class NoAgent {
    private NoAgent() {}

    public static void premain(String arguments) {
        System.out.println("no agent is needed");
    }
}
