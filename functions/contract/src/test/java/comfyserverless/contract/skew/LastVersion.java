package comfyserverless.contract.skew;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the last released version stored in each turn of the [Scenario]: `turn-1.json` and so on, beside
/// this class. At a release the files are recorded anew, and at no other time: `main` writes them.
final class LastVersion {
    private LastVersion() {}

    static Snapshot after(int turn) {
        String name = "turn-" + turn + ".json";
        InputStream recorded = LastVersion.class.getResourceAsStream(name);
        if (recorded == null) {
            throw new IllegalStateException("no " + name + " beside " + LastVersion.class);
        }
        return Snapshot.read(recorded);
    }

    /// Records this version as the released one.
    ///
    /// @param arguments the folder of the files
    public static void main(String[] arguments) {
        Path folder = Path.of(arguments[0]);
        try {
            Path made = Files.createTempDirectory("skew");
            for (int turn = 1; turn <= Scenario.TURNS; turn++) {
                Snapshot now = new Scenario(made).runTo(turn).snapshot();
                Files.writeString(folder.resolve("turn-" + turn + ".json"), now.json());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
