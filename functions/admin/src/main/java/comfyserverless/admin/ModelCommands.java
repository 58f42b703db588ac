package comfyserverless.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.admin.model.Download;
import comfyserverless.admin.model.ModelPlaces;
import comfyserverless.admin.model.ModelPush;
import comfyserverless.admin.report.Progress;
import comfyserverless.admin.report.Refusal;
import comfyserverless.admin.target.Deployment;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.model.ModelFile;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.StoredModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `models`: the files of the models bucket.
@Command(
        name = "models",
        description = "Model files: checkpoints, LoRAs and what else workflows name.",
        mixinStandardHelpOptions = true)
final class ModelCommands {
    private static final int SHOWN_DIGEST = 12;

    private final Session session;

    ModelCommands(Session session) {
        this.session = session;
    }

    /// The options of `push`.
    static final class PushOptions {
        @Option(
                names = {"-f", "--folder"},
                required = true,
                description = "ComfyUI's folder: checkpoints, loras, vae, ...")
        String folder = "";

        @Mixin OwnerOption whose = new OwnerOption();

        @Option(
                names = "--name",
                description =
                        "what it is called there, with subfolders (as the file or the server calls it)")
        @Nullable String name;

        @Option(names = "--force", description = "replace a file that is there")
        boolean force;

        @Option(
                names = "--pickled",
                description = "store a .ckpt, .pt or other pickled file all the same")
        boolean pickled;

        @Option(names = "--sha256", description = "refuse a file with another digest")
        @Nullable String sha256;

        @Option(
                names = "--token-env",
                paramLabel = "VARIABLE",
                description =
                        "the variable with the token for an address (HF_TOKEN, CIVITAI_TOKEN for those hosts)")
        @Nullable String tokenVariable;

        @Option(
                names = "--scratch",
                paramLabel = "DIR",
                description = "where a download is kept until it is pushed (~/.cache/comfy-admin)")
        @Nullable Path scratch;
    }

    @Command(
            name = "push",
            mixinStandardHelpOptions = true,
            description =
                    "Stores a file, or what an https address answers, and lists it: every function and runner sees"
                            + " it within seconds. It is looked at first, hashed, and sent in parts; a push that"
                            + " was broken off goes on when the same command is given again.")
    int push(
            @Parameters(paramLabel = "FILE|URL", description = "a local file, or an https address")
                    String source,
            @Mixin PushOptions options)
            throws IOException {
        ModelPlaces.check(options.whose.tenant(), options.folder);
        ModelPush.Rules rules = new ModelPush.Rules(options.force, options.pickled, options.sha256);
        if (!source.contains("://")) {
            Path file = Path.of(source);
            if (!Files.isRegularFile(file)) {
                throw new Refusal("There is no file " + file + ".");
            }
            return pushed(file, file.getFileName().toString(), options, rules);
        }
        Download download = new Download(session.environment(), session.report(), session.clock());
        Download.Arrived arrived =
                download.fetch(uri(source), scratch(options), options.tokenVariable);
        int code =
                pushed(arrived.file(), arrived.name(), options, rules.orDigest(arrived.sha256()));
        Download.drop(arrived);
        return code;
    }

    private static URI uri(String source) {
        try {
            return URI.create(source);
        } catch (IllegalArgumentException e) {
            throw new Refusal(source + " is no address: " + e.getMessage() + ".", e);
        }
    }

    private Path scratch(PushOptions options) {
        if (options.scratch != null) {
            return options.scratch;
        }
        String cache = session.environment().get("XDG_CACHE_HOME");
        Path root =
                cache == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return root.resolve("comfy-admin");
    }

    private int pushed(Path file, String name, PushOptions options, ModelPush.Rules rules)
            throws IOException {
        ModelStore.Place place =
                ModelPlaces.of(
                        options.whose.tenant(),
                        options.folder,
                        options.name == null ? name : options.name);
        try (Deployment deployment = session.open()) {
            ModelPush.Pushed pushed =
                    new ModelPush(
                                    deployment.models(),
                                    deployment.modelIndex(),
                                    session.report(),
                                    session.clock())
                            .push(file, place, rules);
            ObjectNode json = json(place.owner(), pushed.file());
            json.put("unchanged", pushed.unchanged()).put("resumed", pushed.resumed());
            session.report()
                    .result(
                            json,
                            pushed.unchanged()
                                    ? place + " was there already."
                                    : place
                                            + ": "
                                            + Progress.size(pushed.file().size())
                                            + ", SHA-256 "
                                            + pushed.file().sha256());
            return 0;
        }
    }

    private static ObjectNode json(String owner, StoredModel file) {
        ObjectNode json = Json.object();
        json.put("tenant", owner.equals(ModelIndex.SHARED) ? null : owner);
        json.put("folder", file.folder()).put("name", file.name()).put("size", file.size());
        json.put("modified", file.modified().toString()).put("sha256", file.sha256());
        return json;
    }

    @Command(
            name = "ls",
            aliases = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the files that all tenants see, or a tenant's own.")
    int ls(
            @Mixin OwnerOption whose,
            @Option(
                            names = {"-f", "--folder"},
                            description = "of this folder alone")
                    @Nullable String folder) {
        String owner = whose.owner();
        try (Deployment deployment = session.open()) {
            ObjectNode json = Json.object();
            json.putArray("models");
            Lines lines = new Lines("FOLDER", "NAME", "SIZE", "MODIFIED", "SHA-256");
            for (StoredModel file : files(deployment, owner)) {
                if (folder != null && !file.folder().equals(folder)) {
                    continue;
                }
                json.withArray("models").add(json(owner, file));
                String sha256 = file.sha256();
                lines.row(
                        file.folder(),
                        file.name(),
                        Progress.size(file.size()),
                        file.modified().toString(),
                        sha256 == null ? "-" : sha256.substring(0, SHOWN_DIGEST));
            }
            session.report().result(json, lines.text("No models."));
            return 0;
        }
    }

    private static List<StoredModel> files(Deployment deployment, String owner) {
        Optional<Map<String, List<StoredModel>>> indexed = deployment.modelIndex().files(owner);
        List<StoredModel> files =
                indexed.map(all -> all.values().stream().flatMap(List::stream).toList())
                        .orElseGet(() -> deployment.models().list(owner));
        return files.stream()
                .sorted(
                        Comparator.comparing(StoredModel::folder)
                                .thenComparing(StoredModel::name, ModelFile.NAME_ORDER))
                .toList();
    }

    @Command(
            name = "rm",
            mixinStandardHelpOptions = true,
            description =
                    "Removes a file. Runners that have fetched it keep their copy until its room is needed.")
    int rm(
            @Parameters(paramLabel = "FOLDER/NAME", description = "as ls shows it") String path,
            @Mixin OwnerOption whose) {
        String[] parts = path.split("/", 2);
        if (parts.length < 2) {
            throw new Refusal(
                    "\""
                            + path
                            + "\" has no folder: give FOLDER/NAME, as checkpoints/a.safetensors.");
        }
        String owner = whose.owner();
        ModelStore.Place place = new ModelStore.Place(owner, parts[0], parts[1]);
        try (Deployment deployment = session.open()) {
            boolean listed = deployment.modelIndex().remove(owner, parts[0], parts[1]);
            boolean there = deployment.models().find(place).isPresent();
            deployment.models().delete(place);
            deployment.models().abandon(place);
            if (!listed && !there) {
                throw new Refusal("There is no model " + place + ": ls shows those there are.");
            }
            session.report()
                    .result(Json.object().put("removed", place.key()), "Removed " + place + ".");
            return 0;
        }
    }

    @Command(
            name = "reindex",
            mixinStandardHelpOptions = true,
            description =
                    "Looks through the bucket at once for files that other tools have put there or taken away."
                            + " Without it they are found within three minutes.")
    int reindex() {
        try (Deployment deployment = session.open()) {
            List<String> changed = deployment.modelScan().run();
            ObjectNode json = Json.object();
            changed.forEach(json.putArray("changed")::add);
            session.report()
                    .result(
                            json,
                            changed.isEmpty()
                                    ? "The lists were complete."
                                    : "New lists for " + String.join(", ", changed) + ".");
            return 0;
        } catch (UncheckedIOException e) {
            throw new Refusal("The bucket cannot be listed: " + Refusal.reason(e), e);
        }
    }
}
