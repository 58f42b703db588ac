package comfyserverless.admin;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore.Place;
import comfyserverless.contract.model.StoredModel;
import comfyserverless.contract.table.Digests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCommandsTest {
    private static final byte[] MODEL = SafetensorsBytes.of(4500);

    @TempDir private static Path folder;

    private final CommandLineOfTests line = new CommandLineOfTests();

    private static String file(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.write(file, bytes);
        return file.toString();
    }

    private List<StoredModel> listed(String owner, String modelFolder) {
        return line.deployment
                .modelIndex()
                .files(owner)
                .orElse(Map.of())
                .getOrDefault(modelFolder, List.of());
    }

    @Test
    void a_pushed_file_is_stored_and_listed_with_its_digest() throws IOException {
        CommandLineOfTests.Ended pushed =
                line.call(
                        "models",
                        "push",
                        file("a.safetensors", MODEL),
                        "-f",
                        "checkpoints",
                        "--json");
        assertThat(pushed.code()).as(pushed.err()).isZero();
        String digest = Digests.hex(MODEL);
        assertThat(pushed.json().path("sha256").asText()).isEqualTo(digest);
        assertThat(listed(ModelIndex.SHARED, "checkpoints"))
                .extracting(StoredModel::name, StoredModel::size, StoredModel::sha256)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(
                                "a.safetensors", (long) MODEL.length, digest));
        Place place = new Place(ModelIndex.SHARED, "checkpoints", "a.safetensors");
        assertThat(line.deployment.store.read(place, 0, MODEL.length)).hasBinaryContent(MODEL);
        assertThat(pushed.err()).contains("pushing a.safetensors: 100 %");
    }

    @Test
    void a_tenants_file_is_its_own_and_may_have_subfolders_and_an_older_name_of_its_folder()
            throws IOException {
        CommandLineOfTests.Ended pushed =
                line.call(
                        "models",
                        "push",
                        file("b.safetensors", MODEL),
                        "--folder=unet",
                        "--tenant=studio",
                        "--name=flux/b.safetensors");
        assertThat(pushed.code()).as(pushed.err()).isZero();
        assertThat(listed("studio", "diffusion_models"))
                .extracting(StoredModel::name)
                .containsExactly("flux/b.safetensors");
        assertThat(line.call("models", "ls").out().strip()).isEqualTo("No models.");
        assertThat(line.call("models", "ls", "--tenant", "studio").out())
                .contains("flux/b.safetensors", "4.6 KB");
    }

    @Test
    void the_same_content_again_is_nothing_to_do_and_another_needs_force() throws IOException {
        String path = file("c.safetensors", MODEL);
        line.call("models", "push", path, "-f", "vae");
        line.deployment.store.takePartsStored();
        CommandLineOfTests.Ended again = line.call("models", "push", path, "-f", "vae");
        assertThat(again.code()).isZero();
        assertThat(again.out()).contains("was there already");
        assertThat(line.deployment.store.takePartsStored()).isZero();
        file("c.safetensors", SafetensorsBytes.of(10));
        CommandLineOfTests.Ended other = line.call("models", "push", path, "-f", "vae");
        assertThat(other.code()).isEqualTo(1);
        assertThat(other.err()).contains("other content", "--force");
        assertThat(line.call("models", "push", path, "-f", "vae", "--force").code()).isZero();
        line.deployment.clock.advance(Duration.ofSeconds(1));
        assertThat(listed(ModelIndex.SHARED, "vae").getFirst().size()).isLessThan(200);
    }

    @Test
    void what_a_push_had_stored_before_it_was_killed_is_listed_by_the_next() throws IOException {
        Place place = new Place(ModelIndex.SHARED, "vae", "g.safetensors");
        line.deployment.store.with(place, MODEL);
        String path = file("g.safetensors", MODEL);
        CommandLineOfTests.Ended again = line.call("models", "push", path, "-f", "vae");
        assertThat(again.code()).as(again.err()).isZero();
        assertThat(again.out()).contains("was there already");
        assertThat(listed(ModelIndex.SHARED, "vae"))
                .extracting(StoredModel::sha256)
                .containsExactly(Digests.hex(MODEL));
        byte[] other = MODEL.clone();
        other[other.length - 1]++;
        line.deployment.store.with(place, other);
        assertThat(line.call("models", "push", path, "-f", "vae").err()).contains("other content");
    }

    @Test
    void a_digest_may_be_given_as_websites_write_it_and_must_be_one() throws IOException {
        String path = file("h.safetensors", MODEL);
        String digest = Digests.hex(MODEL).toUpperCase(java.util.Locale.ROOT);
        CommandLineOfTests.Ended wrong =
                line.call("models", "push", path, "-f", "vae", "--sha256", "abc");
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.err()).contains("\"abc\" is no SHA-256");
        assertThat(line.call("models", "push", path, "-f", "vae", "--sha256", digest).code())
                .isZero();
    }

    @Test
    void a_push_that_broke_off_goes_on_with_the_parts_that_had_arrived() throws IOException {
        String path = file("d.safetensors", MODEL);
        line.deployment.store.breakAfter(3);
        CommandLineOfTests.Ended broken = line.call("models", "push", path, "-f", "loras");
        assertThat(broken.code()).isEqualTo(1);
        assertThat(broken.err()).contains("the network broke", "run the same command again");
        assertThat(listed(ModelIndex.SHARED, "loras")).isEmpty();
        line.deployment.store.breakAfter(100);
        line.deployment.store.takePartsStored();
        CommandLineOfTests.Ended again = line.call("models", "push", path, "-f", "loras", "--json");
        assertThat(again.json().path("resumed").asLong())
                .as("three parts, maybe the short last one among them")
                .isIn(3000L, 2000L + MODEL.length % 1000);
        assertThat(line.deployment.store.takePartsStored()).isEqualTo(2);
        Place place = new Place(ModelIndex.SHARED, "loras", "d.safetensors");
        assertThat(line.deployment.store.read(place, 0, MODEL.length)).hasBinaryContent(MODEL);
    }

    @Test
    void what_would_not_be_listed_or_is_not_what_it_says_is_refused() throws IOException {
        String model = file("e.safetensors", MODEL);
        String page = file("page.ckpt", "<!doctype html>".getBytes(StandardCharsets.UTF_8));
        String pickle = file("old.ckpt", new byte[] {(byte) 0x80, 2, '.'});
        String damaged = file("cut.safetensors", new byte[] {9, 9, 9});
        Map<String, String[]> refusals =
                Map.of(
                        "There is no model folder \"models\"",
                        new String[] {model, "-f", "models"},
                        "does not list files like e.txt",
                        new String[] {model, "-f", "vae", "--name", "e.txt"},
                        "has a control character or a backslash",
                        new String[] {model, "-f", "vae", "--name", "a\\e.safetensors"},
                        "begins neither as",
                        new String[] {page, "-f", "vae"},
                        "may hold programs",
                        new String[] {pickle, "-f", "checkpoints"},
                        "no usable .safetensors file",
                        new String[] {damaged, "-f", "vae"},
                        "not " + "0".repeat(64),
                        new String[] {model, "-f", "vae", "--sha256", "0".repeat(64)},
                        "There is no file",
                        new String[] {"/no/such", "-f", "vae"},
                        "is no https address",
                        new String[] {"ftp://host/a.safetensors", "-f", "vae"});
        refusals.forEach((sentence, arguments) -> {
            String[] all = new String[arguments.length + 2];
            all[0] = "models";
            all[1] = "push";
            System.arraycopy(arguments, 0, all, 2, arguments.length);
            CommandLineOfTests.Ended ended = line.call(all);
            assertThat(ended.code()).as(sentence).isNotZero();
            assertThat(ended.err()).contains(sentence);
        });
        assertThat(line.deployment.store.all()).isEmpty();
        assertThat(line.call("models", "push", pickle, "-f", "checkpoints", "--pickled").code())
                .isZero();
    }

    @Test
    void a_removed_file_is_gone_from_bucket_and_list() throws IOException {
        line.call("models", "push", file("f.safetensors", MODEL), "-f", "vae");
        assertThat(line.call("models", "rm", "vae/f.safetensors").code()).isZero();
        assertThat(line.deployment.store.all()).isEmpty();
        assertThat(listed(ModelIndex.SHARED, "vae")).isEmpty();
        CommandLineOfTests.Ended again = line.call("models", "rm", "vae/f.safetensors");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("There is no model _shared/vae/f.safetensors");
    }

    @Test
    void a_file_put_there_by_hand_is_listed_after_reindex() {
        line.deployment.store.with(new Place("studio", "loras", "hand.safetensors"), MODEL);
        assertThat(line.call("models", "reindex").out()).contains("New lists for", "studio");
        assertThat(listed("studio", "loras")).hasSize(1);
        line.deployment.clock.advance(Duration.ofSeconds(1));
        assertThat(line.call("models", "reindex").out()).contains("were complete");
    }
}
