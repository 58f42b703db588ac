package comfyserverless.diffusion.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes a TorchScript archive around hand-written source: what `torch.jit.save` would write for a module that has
/// methods and no parameters. Layout: PyTorch's `caffe2/serialize/inline_container.h`.
final class TorchScriptArchive {

    /// The serialisation version of archives whose operators are today's.
    private static final String VERSION = "10\n";

    private TorchScriptArchive() {}

    /// An archive whose root object is of the class `Library` in `source`.
    static byte[] of(String source) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "data.pkl", rootObject());
            store(zip, "code/__torch__.py", utf8(source));
            store(zip, "constants.pkl", emptyTuple());
            store(zip, "version", utf8(VERSION));
            store(zip, "byteorder", utf8("little"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry("library/" + name);
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    /// Pickle, protocol 2, of `__torch__.Library` with the attributes `{"training": False}`.
    private static byte[] rootObject() {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.writeBytes(new byte[] {(byte) 0x80, 2});
        pickle.writeBytes(utf8("c__torch__\nLibrary\n"));
        pickle.writeBytes(utf8(")")); // the empty tuple of constructor arguments
        pickle.write(0x81); // new object
        pickle.writeBytes(utf8("}(")); // a dict, and a mark
        pickle.writeBytes(new byte[] {'X', 8, 0, 0, 0});
        pickle.writeBytes(utf8("training"));
        pickle.write(0x89); // false
        pickle.writeBytes(utf8("ub.")); // set items, build, stop
        return pickle.toByteArray();
    }

    private static byte[] emptyTuple() {
        return new byte[] {(byte) 0x80, 2, ')', '.'};
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
