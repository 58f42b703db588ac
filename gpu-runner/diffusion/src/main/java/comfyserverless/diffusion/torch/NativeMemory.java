package comfyserverless.diffusion.torch;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// glibc's allocator keeps freed blocks; this asks it to return them.
final class NativeMemory {

    /// Absent where the C library has no `malloc_trim` (it is glibc's own).
    private static final Optional<MethodHandle> MALLOC_TRIM = mallocTrim();

    private NativeMemory() {}

    static void trim() {
        MALLOC_TRIM.ifPresent(handle -> {
            try {
                int ignored = (int) handle.invokeExact(0L);
            } catch (Throwable e) {
                throw new TorchException("malloc_trim failed", e);
            }
        });
    }

    @SuppressWarnings("restricted") // the process is started with --enable-native-access
    private static Optional<MethodHandle> mallocTrim() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup()
                .find("malloc_trim")
                .map(address ->
                        linker.downcallHandle(
                                address,
                                FunctionDescriptor.of(
                                        ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG)));
    }
}
