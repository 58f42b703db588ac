package comfyserverless.localstack;

import comfyserverless.localstack.settings.CommandLine;
import comfyserverless.localstack.settings.LocalSettings;
import comfyserverless.localstack.stack.LocalStack;
import comfyserverless.localstack.start.Banner;
import comfyserverless.localstack.start.CannotStart;
import comfyserverless.localstack.start.DataFolder;
import comfyserverless.localstack.start.Logs;
import comfyserverless.localstack.start.MachineCheck;
import comfyserverless.localstack.start.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The command behind `localstack/run`: checks the machine, starts the local stack, says where it answers, and stops it
/// cleanly on Ctrl-C or TERM.
public final class LocalMain {
    private static final int MISUSED = 2;
    private static final int FAILED = 1;

    private LocalMain() {}

    public static void main(String[] arguments) {
        Path here = Path.of("").toAbsolutePath();
        Path home =
                Path.of(System.getProperty("localstack.home", "localstack"))
                        .toAbsolutePath()
                        .normalize();
        switch (CommandLine.parse(List.of(arguments), here, home.resolve("data"))) {
            case CommandLine.Parsed.Help(String text) -> System.out.print(text);
            case CommandLine.Parsed.Refused(String sentence) -> {
                System.err.println(sentence);
                System.exit(MISUSED);
            }
            case CommandLine.Parsed.Run(LocalSettings settings) -> run(settings, home);
        }
    }

    private static void run(LocalSettings settings, Path home) {
        try {
            MachineCheck.memory();
            int port =
                    MachineCheck.port(settings.listening().address(), settings.listening().port());
            DataFolder data = DataFolder.lock(settings.folders().data());
            MachineCheck.disk(data.path());
            Logs.to(data.path());
            LocalStack stack =
                    LocalStack.start(settings, data, home, Progress.ofThisProcess(), port);
            CountDownLatch stopped = stopOnSignal(stack, data);
            System.out.println(Banner.running(settings, stack.address(), stack.firstKey()));
            stopped.await();
        } catch (CannotStart e) {
            System.err.println(e.sentence());
            System.exit(FAILED);
        } catch (IOException e) {
            System.err.println("The local stack did not start: " + e.getMessage());
            System.exit(FAILED);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static CountDownLatch stopOnSignal(LocalStack stack, DataFolder data) {
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("stop")
                                .unstarted(() -> {
                                    System.err.println("Stopping.");
                                    stack.close();
                                    data.close();
                                    stopped.countDown();
                                }));
        return stopped;
    }
}
