package comfyserverless.localstack.start;

import comfyserverless.handlers.auth.AuthSettings;
import comfyserverless.localstack.settings.LocalSettings;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the local stack says of itself: a few lines when it answers.
public final class Banner {
    private Banner() {}

    /// The lines.
    ///
    /// @param firstKey the key that was made at this start, if one was
    public static String running(LocalSettings settings, URI address, Optional<String> firstKey) {
        LocalSettings.Folders folders = settings.folders();
        Path models = folders.models();
        Path comfyui = folders.comfyui();
        if (models == null && comfyui != null) {
            models = comfyui.resolve("models");
        }
        int runners = settings.running().runners();
        List<String> lines = new ArrayList<>();
        lines.add("comfy-serverless answers on " + address);
        lines.add("  data    " + folders.data() + " (queue, history, files; log.0.txt says more)");
        lines.add(
                "  models  "
                        + (models == null
                                ? "the small model of coloured shapes; --models DIR reads a folder of yours"
                                : models + ", read in place"));
        lines.add(
                "  runs    "
                        + (runners == 0
                                ? "nothing here (--runners none)"
                                : runners + " at a time"));
        if (settings.extras().auth().contains(AuthSettings.Mode.KEY)) {
            lines.add("  key     " + firstKey.map(Banner::once).orElse(another(folders.data())));
        }
        lines.add("Ctrl-C stops it and gives a running job back.");
        return String.join(System.lineSeparator(), lines);
    }

    private static String once(String key) {
        return key + " (shown once; sign in with it, or send it as X-API-Key)";
    }

    private static String another(Path data) {
        return "as made before; for another: functions/admin/comfy-admin --data "
                + data
                + " key create";
    }
}
