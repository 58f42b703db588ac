package comfyserverless.localstack.settings;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Every flag of the local stack, in the order of `--help`.
enum Flag {
    PORT("--port", "N", "the port to answer on (8188)"),
    LISTEN(
            "--listen",
            "ADDRESS",
            "the address to listen on (127.0.0.1); 0.0.0.0 is every one of this machine"),
    TRUSTED_ORIGIN(
            "--trusted-origin",
            "URL",
            "a further origin (with its port) whose pages may call this server; repeatable"),
    DATA("--data", "DIR", "where queue, history and files are kept (localstack/data)"),
    MODELS(
            "--models",
            "DIR",
            "an existing ComfyUI models folder, read in place: its lists are that folder's"),
    COMFYUI(
            "--comfyui",
            "DIR",
            "an existing ComfyUI: its models, inputs, workflows and settings, in place"),
    INPUT("--input", "DIR", "imports every file of this folder as an input, with its subfolders"),
    OUTPUT("--output", "DIR", "each saved file also lies in this folder, under its own name"),
    RUNNERS("--runners", "N|none", "how many runners work on the queue in this process (1)"),
    DEVICE("--device", "auto|cpu|cuda", "what the runners compute on (auto)"),
    ENDPOINT("--endpoint", "URL", "a LocalStack to use instead of the embedded stores"),
    NODE_PACKS("--node-packs", "DIR", "a folder of node packs"),
    WEB_ROOT("--web-root", "DIR", "a folder with another web page to serve at /"),
    AUTH(
            "--auth",
            "MODES",
            "none, key, jwt or key,jwt: what callers must show, as in the cloud (none); jwt reads COMFY_JWT_ISSUER, …"),
    LIMITS(
            "--limits",
            "LIST",
            "what each tenant may at most that has no limits of its own, as \"pending=100 running=2\""),
    WEBHOOK_LOOPBACK(
            "--webhook-loopback",
            null,
            "webhooks may call this machine too, by http and on any port"),
    MULTI_USER("--multi-user", null, "keeps the settings and workflows of several users apart"),
    CACHE_CLASSIC(
            "--cache-classic", null, "keeps the results of the last prompt's nodes (the default)"),
    CACHE_LRU(
            "--cache-lru",
            "N",
            "keeps the results of the N node runs used last; 0 is --cache-classic"),
    CACHE_RAM(
            "--cache-ram",
            "GB",
            "keeps results of nodes as long as so many gigabytes of the heap stay free"),
    CACHE_NONE("--cache-none", null, "keeps no results of nodes"),
    SHARED_CACHE(
            "--shared-cache",
            "GB",
            "keeps so many gigabytes of nodes' results in the stores, for all runners and after a restart (0)"),
    LONGEST_WAIT(
            "--longest-wait",
            "SECONDS",
            "how long a node may wait for a client's message before it fails (600)"),
    BINARY_FRAMES(
            "--binary-frames",
            null,
            "sends previews as true binary messages, which API Gateway cannot"),
    DISABLE_METADATA(
            "--disable-metadata", null, "leaves prompt and workflow out of saved pictures"),
    FAULTS("--faults", "SEED", "lets calls to the stores fail now and then, drawn from this seed"),
    CONFORMANCE(
            "--conformance",
            null,
            "what the conformance recordings need: the testing nodes and --binary-frames"),
    HELP("--help", null, "prints this");

    private final String text;
    private final @Nullable String argument;
    private final String help;

    Flag(String text, @Nullable String argument, String help) {
        this.text = text;
        this.argument = argument;
        this.help = help;
    }

    String text() {
        return text;
    }

    /// What its argument is called, or null when it takes none.
    @Nullable String argument() {
        return argument;
    }

    String help() {
        return help;
    }

    static Optional<Flag> named(String text) {
        return Arrays.stream(values()).filter(flag -> flag.text.equals(text)).findFirst();
    }
}
