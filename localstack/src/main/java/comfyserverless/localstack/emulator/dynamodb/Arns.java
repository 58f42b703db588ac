package comfyserverless.localstack.emulator.dynamodb;

/// Resource names of the embedded store; the account is the emulators' usual 000000000000.
final class Arns {
    static final String REGION = "us-east-1";

    private Arns() {}

    static String table(String name) {
        return "arn:aws:dynamodb:" + REGION + ":000000000000:table/" + name;
    }

    static String stream(String table) {
        return table(table) + "/stream/1970-01-01T00:00:00.000";
    }

    static String index(String table, String index) {
        return table(table) + "/index/" + index;
    }
}
