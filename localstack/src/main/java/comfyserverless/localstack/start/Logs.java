package comfyserverless.localstack.start;

import java.io.IOException;
import java.nio.file.Path;
import java.util.logging.ConsoleHandler;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/// Sends everything to a file of the data folder, and what a user should see to the terminal in one line each.
public final class Logs {
    private static final int FILE_BYTES = 8 << 20;
    private static final int FILES = 2;

    private Logs() {}

    /// Logs to `log.0.txt` of the folder, and to `log.1.txt` what was there before it was full.
    public static void to(Path folder) throws IOException {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        String pattern = folder.toString().replace("%", "%%") + "/log.%g.txt";
        FileHandler all = new FileHandler(pattern, FILE_BYTES, FILES, true);
        all.setFormatter(new SimpleFormatter());
        all.setLevel(Level.INFO);
        root.addHandler(all);
        ConsoleHandler terminal = new ConsoleHandler();
        terminal.setFormatter(new OneLine());
        terminal.setLevel(Level.WARNING);
        root.addHandler(terminal);
    }

    private static final class OneLine extends Formatter {
        @Override
        public String format(LogRecord entry) {
            Throwable thrown = entry.getThrown();
            String cause = thrown == null ? "" : ": " + thrown;
            return entry.getLevel().getName()
                    + " "
                    + formatMessage(entry)
                    + cause
                    + System.lineSeparator();
        }
    }
}
