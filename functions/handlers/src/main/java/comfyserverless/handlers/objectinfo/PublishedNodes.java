package comfyserverless.handlers.objectinfo;

import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.prompt.AskedLater;
import comfyserverless.contract.prompt.NodeValidator;
import comfyserverless.handlers.pages.PublishedPackFiles;
import comfyserverless.handlers.pages.WebFiles;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The node classes that runners have published. The pointer to the current catalogue is looked at
/// once a second at most, a catalogue is read once.
public final class PublishedNodes implements Nodes {
    private static final Duration TRUSTED = Duration.ofSeconds(1);

    private record Seen(Instant at, Known known, Map<String, Map<String, String>> packFiles) {}

    private final Catalogues catalogues;
    private final Function<String, Optional<NodeValidator>> validators;
    private final Clock clock;
    private final AtomicReference<@Nullable Seen> seen = new AtomicReference<>();

    /// The nodes of `catalogues`, with the validators that the functions have.
    public PublishedNodes(
            Catalogues catalogues,
            Function<String, Optional<NodeValidator>> validators,
            Clock clock) {
        this.catalogues = catalogues;
        this.validators = validators;
        this.clock = clock;
    }

    /// Those of the current catalogue; none while no runner has published one.
    @Override
    public Known current() {
        Seen last = seen.get();
        Instant now = clock.instant();
        if (last != null
                && now.isBefore(last.at().plus(TRUSTED))
                && !last.known().digest().isEmpty()) {
            return last.known();
        }
        Seen found = read(last, now);
        seen.set(found);
        return found.known();
    }

    /// What the packs of the current catalogue bring for pages.
    public WebFiles packFiles() {
        return new PublishedPackFiles(
                () -> {
                    Known looked = current();
                    Seen last = seen.get();
                    return last == null || looked.digest().isEmpty() ? Map.of() : last.packFiles();
                },
                catalogues::file);
    }

    private Seen read(@Nullable Seen last, Instant now) {
        String digest = catalogues.currentDigest().orElse("");
        if (last != null && last.known().digest().equals(digest)) {
            return new Seen(now, last.known(), last.packFiles());
        }
        if (digest.isEmpty()) {
            return new Seen(now, new Known("", Map.of(), validators), Map.of());
        }
        byte[] gzip =
                catalogues
                        .load(digest)
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "the current catalogue "
                                                + digest
                                                + " is not in the store"));
        Catalogue catalogue = Catalogue.read(gzip);
        Known known =
                new Known(
                        digest,
                        catalogue.nodes(),
                        name -> validators.apply(name).or(() -> askedLater(catalogue, name)));
        return new Seen(now, known, catalogue.packFiles());
    }

    /// Of a class whose pack is not here, its validator is asked by the runner.
    private static Optional<NodeValidator> askedLater(Catalogue catalogue, String className) {
        return Optional.ofNullable(catalogue.validated().get(className)).map(AskedLater::new);
    }
}
