package comfyserverless.diffusion.torch;

import ai.djl.util.Utils;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Tells a listener how much of PyTorch's natives DJL has unpacked, by the size of its cache folder.
final class Unpacking implements AutoCloseable {

    private static final long PERIOD_MILLIS = 200;

    private final CountDownLatch done = new CountDownLatch(1);
    private final EngineStart listener;
    private final Path folder;
    private final long before;
    private final long total;

    private Unpacking(EngineStart listener, Path folder, long total) {
        this.listener = listener;
        this.folder = folder;
        this.before = bytesIn(folder);
        this.total = total;
    }

    static Unpacking watch(EngineStart listener) {
        Path folder = Utils.getEngineCacheDir("pytorch");
        Unpacking unpacking = new Unpacking(listener, folder, bundledBytes());
        if (!unpacked(folder) && unpacking.total > 0) {
            Thread.ofVirtual().name("torch-unpacking").start(unpacking::report);
        } else {
            listener.progress("Loading PyTorch", 0);
        }
        return unpacking;
    }

    @Override
    public void close() {
        done.countDown();
    }

    private void report() {
        String message = "Unpacking PyTorch's libraries to " + folder + " (once)";
        try {
            do {
                double fraction = (double) (bytesIn(folder) - before) / total;
                listener.progress(message, Math.clamp(fraction, 0, 0.99));
            } while (!done.await(PERIOD_MILLIS, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean unpacked(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 2)) {
            return files.anyMatch(file -> file.endsWith(System.mapLibraryName("torch")));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    private static long bytesIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(Unpacking::size).sum();
        } catch (IOException | UncheckedIOException e) {
            return 0; // not there yet, or a file moved under the walk: the next look sees more
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    /// The unpacked size of the natives on the class path; 0 when they come from elsewhere.
    private static long bundledBytes() {
        ClassLoader loader = Unpacking.class.getClassLoader();
        Properties bundle = properties(loader.getResource("native/lib/pytorch.properties"));
        String prefix =
                "pytorch/%s/%s/"
                        .formatted(
                                bundle.getProperty("flavor", "cpu"),
                                bundle.getProperty("classifier"));
        long total = 0;
        for (String library : bundle.getProperty("libraries", "").split(",", -1)) {
            URL resource = loader.getResource(prefix + library);
            total += resource == null ? 0 : length(resource);
        }
        return total;
    }

    private static long length(URL resource) {
        try {
            return Math.max(0, resource.openConnection().getContentLengthLong());
        } catch (IOException e) {
            return 0;
        }
    }

    private static Properties properties(@Nullable URL resource) {
        Properties properties = new Properties();
        if (resource != null) {
            try (InputStream in = resource.openStream()) {
                properties.load(in);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return properties;
    }
}
