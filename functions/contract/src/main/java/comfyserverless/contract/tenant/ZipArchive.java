package comfyserverless.contract.tenant;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// An [Archive] that is one zip, begun anew each time.
public final class ZipArchive implements Archive, AutoCloseable {
    private final ZipOutputStream zip;

    /// @param out closed with the archive
    public ZipArchive(OutputStream out) {
        this.zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    }

    @Override
    public boolean has(String name, long size, Instant modified) {
        return false;
    }

    @Override
    public void write(String name, Instant modified, Content content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setLastModifiedTime(FileTime.from(modified));
        zip.putNextEntry(entry);
        content.writeTo(zip);
        zip.closeEntry();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
