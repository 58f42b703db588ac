package comfyserverless.contract.tenant;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/// Where an [Export] writes to: named entries, one after another.
public interface Archive {
    /// What an entry has in it.
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /// Whether this very content was written under this name before, so that it need not be read again.
    boolean has(String name, long size, Instant modified) throws IOException;

    /// Writes an entry; one whose content fails does not count as written.
    ///
    /// @param name with `/` between folders, none of which leads upwards
    void write(String name, Instant modified, Content content) throws IOException;
}
