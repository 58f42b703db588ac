package comfyserverless.contract.pack;

import comfyserverless.contract.table.Digests;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// What a pack's jars and folders hold, as one SHA-256.
final class PackDigest {
    private PackDigest() {}

    static String of(List<Path> places) {
        try (DigestOutputStream out =
                new DigestOutputStream(OutputStream.nullOutputStream(), Digests.sha256())) {
            for (Path place : places) {
                add(place, out);
            }
            return HexFormat.of().formatHex(out.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the pack in " + places, e);
        }
    }

    private static void add(Path place, OutputStream out) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                String header = place.relativize(file) + "\n" + Files.size(file) + "\n";
                out.write(header.getBytes(StandardCharsets.UTF_8));
                try (InputStream in = Files.newInputStream(file)) {
                    in.transferTo(out);
                }
            }
        }
    }
}
