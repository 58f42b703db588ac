package comfyserverless.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.OwnValidation;
import comfyserverless.contract.pack.PackPublication;
import comfyserverless.contract.pack.PackSources;
import comfyserverless.contract.pack.Packs;
import comfyserverless.contract.prompt.CoreValidators;
import comfyserverless.contract.prompt.NodeValidator;
import comfyserverless.handlers.objectinfo.PublishedNodes;
import comfyserverless.handlers.pages.WebFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublishedNodesTest {
    private final Shelf shelf = new Shelf();
    private Instant now = Instant.parse("2026-11-25T00:00:00Z");
    private final InstantSource ticking = () -> now;
    private final Clock clock = ticking.withZone(ZoneOffset.UTC);
    private final PublishedNodes nodes = new PublishedNodes(shelf, CoreValidators::of, clock);

    private static final class Shelf implements Catalogues {
        private final Map<String, byte[]> stored = new HashMap<>();
        private Optional<String> current = Optional.empty();
        private int looks;
        private int reads;

        @Override
        public void publish(String digest, byte[] gzip, Map<String, byte[]> files) {
            stored.putAll(files);
            stored.put(digest, gzip);
            current = Optional.of(digest);
        }

        @Override
        public Optional<String> currentDigest() {
            looks++;
            return current;
        }

        @Override
        public Optional<byte[]> file(String digest) {
            reads++;
            return Optional.ofNullable(stored.get(digest));
        }

        @Override
        public Optional<byte[]> load(String digest) {
            reads++;
            return Optional.ofNullable(stored.get(digest));
        }
    }

    private void publish(String className) {
        Catalogue catalogue =
                Catalogue.of(
                        List.of(
                                NodeDefinition.of(className, "nodes")
                                        .required("image", InputSpec.inputFile("image"))
                                        .build()));
        shelf.publish(catalogue.digest(), catalogue.gzip());
    }

    @Test
    void there_are_none_until_a_runner_publishes_and_then_at_once() {
        assertThat(nodes.current().definitions()).isEmpty();
        publish("LoadImage");
        assertThat(nodes.current().definitions()).containsOnlyKeys("LoadImage");
        assertThat(nodes.current().validators().apply("LoadImage")).isPresent();
    }

    @Test
    void a_validator_that_only_runners_have_leaves_its_inputs_to_them() {
        OwnValidation own = new OwnValidation(Set.of("strength"), false, false);
        Catalogue catalogue =
                Catalogue.of(List.of(NodeDefinition.of("Glow", "custom_nodes.glow").build()))
                        .validating(Map.of("Glow", own));
        shelf.publish(catalogue.digest(), catalogue.gzip());
        NodeValidator stand = nodes.current().validators().apply("Glow").orElseThrow();
        assertThat(stand.names()).containsExactly("strength");
        assertThat(nodes.current().validators().apply("Other")).isEmpty();
    }

    @Test
    void what_packs_bring_for_pages_is_read_from_what_was_published(@TempDir Path folder)
            throws IOException {
        Path script = Files.createDirectories(folder.resolve("glow/web")).resolve("glow.js");
        Files.writeString(script, "// glow");
        Path docs = Files.createDirectories(folder.resolve("glow/docs/Glow"));
        Files.writeString(docs.resolve("en.md"), "# Glow");
        WebFiles files = nodes.packFiles();
        assertThat(files.list("extensions")).isEmpty();
        Packs packs = Packs.load(PackSources.in(folder), Set.of(), Packs.FOR_FUNCTIONS);
        PackPublication.of(List.of(), packs).in(shelf);
        assertThat(files.list("extensions"))
                .containsExactly("extensions/glow/docs/Glow/en.md", "extensions/glow/glow.js");
        int before = shelf.reads;
        for (int i = 0; i < 10; i++) {
            assertThat(files.read("extensions/glow/glow.js")).contains("// glow".getBytes(UTF_8));
        }
        assertThat(shelf.reads).isEqualTo(before + 1);
        assertThat(files.read("extensions/glow/none.js")).isEmpty();
        assertThat(nodes.current().definitions()).isEmpty();
    }

    @Test
    void a_catalogue_is_read_once_and_its_pointer_once_a_second() {
        publish("A");
        for (int i = 0; i < 100; i++) {
            nodes.current();
        }
        assertThat(shelf.looks).isEqualTo(1);
        now = now.plus(Duration.ofSeconds(2));
        nodes.current();
        assertThat(shelf.looks).isEqualTo(2);
        assertThat(shelf.reads).isEqualTo(1);
    }

    @Test
    void a_new_catalogue_is_seen_within_a_second() {
        publish("A");
        String first = nodes.current().digest();
        publish("B");
        now = now.plus(Duration.ofSeconds(1));
        assertThat(nodes.current().definitions()).containsOnlyKeys("B");
        assertThat(nodes.current().digest()).isNotEqualTo(first);
    }
}
