package comfyserverless.localstack.start;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.Optional;

/// One line that shows how far a long piece of work is: redrawn on a terminal, else a line for each quarter.
public final class Progress {
    private static final int BAR = 30;
    private static final int QUARTERS = 4;
    private static final int WIDTH = 100;

    private final PrintStream out;
    private final boolean terminal;
    private String message = "";
    private int shown = -1;

    public Progress(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /// A bar on this process's terminal, if it has one.
    public static Progress ofThisProcess() {
        boolean terminal =
                Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
        return new Progress(System.err, terminal);
    }

    /// `fraction` from 0 to 1; a new message begins a new bar.
    public synchronized void show(String text, double fraction) {
        boolean begins = !text.equals(message);
        int step = (int) (Math.clamp(fraction, 0, 1) * (terminal ? BAR : QUARTERS));
        if (!begins && step == shown) {
            return;
        }
        if (terminal) {
            redraw(text, fraction, step);
        } else if (begins || step == QUARTERS) {
            out.printf(Locale.ROOT, "%s: %.0f %%%n", text, fraction * 100);
        }
        message = text;
        shown = step;
    }

    private void redraw(String text, double fraction, int step) {
        String bar = "#".repeat(step) + "-".repeat(BAR - step);
        String line = String.format(Locale.ROOT, "[%s] %3.0f %% %s", bar, fraction * 100, text);
        String cut = line.length() > WIDTH ? line.substring(0, WIDTH) : line;
        out.print("\r" + cut + " ".repeat(WIDTH - cut.length()));
        if (fraction >= 1) {
            out.println();
        }
        out.flush();
    }
}
