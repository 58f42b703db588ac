package comfyserverless.localstack.emulator;

import comfyserverless.localstack.emulator.aws.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The embedded DynamoDB as a process of its own, started by LocalStack, whose DynamoDB is a front for a
/// server that it expects beside it: `-port N`, and `-dbPath DIR` unless nothing is to be kept. Other
/// arguments are about that server's own ways.
public final class DynamoProcess {
    private DynamoProcess() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> given = List.of(arguments);
        int port = Integer.parseInt(after(given, "-port"));
        Path file = Files.createDirectories(folder(given)).resolve("dynamo");
        try (EmbeddedDynamo dynamo =
                EmbeddedDynamo.start(file, Clock.systemUTC(), Faults.NONE, change -> {}, port)) {
            System.out.println("DynamoDB answers at " + dynamo.endpoint());
            new CountDownLatch(1).await();
        }
    }

    private static Path folder(List<String> given) throws IOException {
        return given.contains("-dbPath")
                ? Path.of(after(given, "-dbPath"))
                : Files.createTempDirectory("dynamo");
    }

    private static String after(List<String> given, String name) {
        int at = given.indexOf(name);
        if (at < 0 || at + 1 == given.size()) {
            throw new IllegalArgumentException(name + " VALUE is missing in " + given);
        }
        return given.get(at + 1);
    }
}
