package comfyserverless.localstack.start;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/// Says before anything is started what the machine lacks.
public final class MachineCheck {
    private static final long MEGABYTE = 1024L * 1024;
    private static final long LEAST_DISK = 300 * MEGABYTE;
    private static final long LEAST_MEMORY = 1500 * MEGABYTE;

    private MachineCheck() {}

    /// Refuses a port that something listens on; for 0 a free one is found.
    public static int port(String address, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new CannotStart(
                    "Port "
                            + port
                            + " on "
                            + address
                            + " cannot be had ("
                            + e.getMessage()
                            + "): stop what uses it, or choose another with --port N.",
                    e);
        }
    }

    public static void disk(Path folder) {
        try {
            FileStore store = Files.getFileStore(folder);
            enoughDisk(folder, store.getUsableSpace());
        } catch (IOException e) {
            throw new CannotStart(
                    "The disk under " + folder + " cannot be looked at: " + e.getMessage() + ".",
                    e);
        }
    }

    static void enoughDisk(Path folder, long free) {
        if (free < LEAST_DISK) {
            throw new CannotStart(
                    "Only "
                            + free / MEGABYTE
                            + " MB are free under "
                            + folder
                            + ", and at least "
                            + LEAST_DISK / MEGABYTE
                            + " MB are needed: make room, or choose another disk with --data DIR.");
        }
    }

    public static void memory() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            enoughMemory(system.getTotalMemorySize());
        }
    }

    static void enoughMemory(long bytes) {
        if (bytes < LEAST_MEMORY) {
            throw new CannotStart(
                    "This machine (or container) has "
                            + bytes / MEGABYTE
                            + " MB of memory, and at least "
                            + LEAST_MEMORY / MEGABYTE
                            + " MB are needed: give it more, or run with --runners none and a runner elsewhere.");
        }
    }
}
