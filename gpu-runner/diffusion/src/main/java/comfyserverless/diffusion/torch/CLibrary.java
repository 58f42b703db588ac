package comfyserverless.diffusion.torch;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// The few functions of the C library that PyTorch in a JVM needs, called where the system has them.
final class CLibrary {

    /// glibc's own: absent elsewhere.
    private static final Optional<MethodHandle> MALLOC_TRIM =
            find("malloc_trim", FunctionDescriptor.of(JAVA_INT, JAVA_LONG));

    private static final Optional<MethodHandle> SETENV =
            find("setenv", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT));

    private CLibrary() {}

    /// Asks the allocator to return freed blocks, which glibc otherwise keeps.
    static void trim() {
        MALLOC_TRIM.ifPresent(function -> {
            try {
                int ignored = (int) function.invokeExact(0L);
            } catch (Throwable e) {
                throw new TorchException("malloc_trim failed", e);
            }
        });
    }

    /// Sets an environment variable for native libraries loaded later, unless it is set; Java does not see it.
    static void setDefaultEnvironment(String name, String value) {
        SETENV.ifPresent(function -> {
            try (Arena arena = Arena.ofConfined()) {
                int ignored =
                        (int)
                                function.invokeExact(
                                        arena.allocateFrom(name), arena.allocateFrom(value), 0);
            } catch (Throwable e) {
                throw new TorchException("setenv failed", e);
            }
        });
    }

    @SuppressWarnings("restricted") // the process is started with --enable-native-access
    private static Optional<MethodHandle> find(String name, FunctionDescriptor signature) {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find(name)
                .map(address -> linker.downcallHandle(address, signature));
    }
}
