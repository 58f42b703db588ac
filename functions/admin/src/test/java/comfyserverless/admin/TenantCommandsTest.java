package comfyserverless.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.tenant.Ownership;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantCommandsTest {
    private final CommandLineOfTests line = new CommandLineOfTests();

    private Limits own(String tenant) {
        return line.deployment.ports().accounts().find(tenant).orElseThrow().own();
    }

    private void works(String tenant) {
        line.call("key", "create", "--tenant", tenant);
        line.deployment.ports().jobs().enqueue(SampleJobs.job(new JobKey(tenant, "ended"), 1));
        Claim claim = line.deployment.ports().claims().claim("runner").orElseThrow();
        line.deployment.ports().claims().start(claim);
        line.deployment.ports().claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
        FileRef picture = new FileRef(FileType.INPUT, "", "in.png");
        line.deployment.ports().files().put(tenant, picture, new byte[1500]);
    }

    private List<Item> itemsOf(String tenant) {
        return line.deployment.memory.table().items().stream()
                .filter(item -> Ownership.of(item).filter(tenant::equals).isPresent())
                .toList();
    }

    @Test
    void a_tenant_is_made_once_with_its_limits() {
        CommandLineOfTests.Ended made =
                line.call("tenant", "create", "studio", "--pending", "100", "--storage", "10GB");
        assertThat(made.code()).as(made.err()).isZero();
        assertThat(made.out()).contains("key create --tenant studio");
        assertThat(own("studio")).isEqualTo(Limits.parse("pending=100 storage=10000000000"));
        CommandLineOfTests.Ended again = line.call("tenant", "create", "studio");
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("There is a tenant studio already");
        assertThat(own("studio").find(Limit.PENDING)).hasValue(100);
    }

    @Test
    void limits_are_set_and_lifted() {
        line.call("tenant", "create", "studio");
        CommandLineOfTests.Ended set =
                line.call(
                        "tenant limit studio --pending 100 --running 2 --requests 600 --gpu-seconds 1h"
                                .concat(
                                        " --storage 1.5GB --connections 50 --retention 30d --results 1GiB")
                                .split(" "));
        assertThat(set.code()).as(set.err()).isZero();
        assertThat(set.err()).contains("within 30 s");
        assertThat(own("studio"))
                .isEqualTo(
                        Limits.parse(
                                "pending=100 running=2 requests=600 gpu-seconds=3600"
                                        + " storage=1500000000 connections=50 retention=30"
                                        + " results=1073741824"));
        assertThat(set.out())
                .contains("600 a minute", "1 h 00 min 00 s a day", "1.5 GB", "30 days");
        line.call("tenant", "limit", "studio", "--none", "storage,pending", "--running", "3");
        assertThat(own("studio").find(Limit.STORAGE)).isEmpty();
        assertThat(own("studio").find(Limit.PENDING)).isEmpty();
        assertThat(own("studio").find(Limit.RUNNING)).hasValue(3);
        CommandLineOfTests.Ended shown = line.call("tenant", "limit", "studio");
        assertThat(shown.err()).isEmpty();
        assertThat(shown.out()).containsPattern("limit pending +the deployment's");
    }

    @Test
    void a_value_that_is_none_is_a_sentence_and_changes_nothing() {
        line.call("tenant", "create", "studio");
        for (String[] wrong :
                new String[][] {
                    {"--pending", "many", "a whole number"},
                    {"--pending", "-1", "a whole number"},
                    {"--pending", "1.5", "a whole number"},
                    {"--pending", "10GB", "a whole number"},
                    {"--storage", "10 parsecs", "a size"},
                    {"--storage", "1.5", "a size"},
                    {"--storage", "999999999999999TB", "more than can be counted"},
                    {"--gpu-seconds", "1d", "a time"},
                    {"--retention", "30GB", "a number of days"},
                    {"--none", "colour", "is no limit; there are pending, running"}
                }) {
            CommandLineOfTests.Ended ended =
                    line.call("tenant", "limit", "studio", wrong[0] + "=" + wrong[1]);
            assertThat(ended.code()).as(wrong[1]).isEqualTo(2);
            assertThat(ended.err()).contains(wrong[2], wrong[1]);
        }
        CommandLineOfTests.Ended both =
                line.call("tenant", "limit", "studio", "--pending", "1", "--none", "pending");
        assertThat(both.err()).contains("give one of the two");
        assertThat(own("studio")).isEqualTo(Limits.none());
    }

    @Test
    void whoever_has_a_key_is_listed_and_shown() {
        works("studio");
        line.call("tenant", "create", "other", "--retention", "1d");
        assertThat(line.call("tenant", "list").out())
                .containsPattern("other .*retention 1 day")
                .contains("studio");
        JsonNode shown = line.call("tenant", "show", "studio", "--json").json();
        assertThat(shown.path("files").asInt()).isEqualTo(1);
        assertThat(shown.path("bytes").asInt()).isEqualTo(1500);
        assertThat(shown.path("keys").asInt()).isEqualTo(1);
        assertThat(line.call("tenant", "show", "studio").out())
                .containsPattern("prompts +0 wait, 0 run")
                .containsPattern("files +1, 1.5 KB");
        CommandLineOfTests.Ended unknown = line.call("tenant", "show", "nobody");
        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("There is no tenant nobody");
    }

    @Test
    void an_export_goes_into_a_folder_or_a_zip(@TempDir Path folder) throws IOException {
        works("studio");
        Path zip = folder.resolve("studio.zip");
        CommandLineOfTests.Ended zipped = line.call("tenant", "export", "studio", zip.toString());
        assertThat(zipped.code()).as(zipped.err()).isZero();
        assertThat(zipped.out()).contains("1 that ended, 0 calls to its server, 1 files");
        try (ZipFile file = new ZipFile(zip.toFile())) {
            assertThat(file.getEntry("files/input/in.png").getSize()).isEqualTo(1500);
        }
        assertThat(line.call("tenant", "export", "studio", zip.toString()).err())
                .contains("is there already");
        Path target = folder.resolve("export");
        for (int i = 0; i < 2; i++) {
            JsonNode json =
                    line.call("tenant", "export", "studio", target.toString(), "--json").json();
            assertThat(json.path("files").asInt()).isEqualTo(1);
        }
        assertThat(target.resolve("files/input/in.png")).hasSize(1500);
        line.call("tenant", "create", "other");
        assertThat(line.call("tenant", "export", "other", target.toString()).err())
                .contains("has another tenant's export");
        assertThat(line.call("tenant", "export", "nobody").err()).contains("no tenant nobody");
    }

    @Test
    void nothing_is_left_of_a_deleted_tenant_and_all_of_the_other() {
        works("studio");
        works("other");
        List<Item> others = itemsOf("other");
        assertThat(itemsOf("studio")).hasSameSizeAs(others);
        CommandLineOfTests.Ended deleted = line.call("tenant", "delete", "studio", "--yes");
        assertThat(deleted.code()).as(deleted.err()).isZero();
        assertThat(deleted.out()).contains("Deleted studio");
        assertThat(deleted.err()).contains("studio is closed", "s in which its keys");
        assertThat(itemsOf("studio")).isEmpty();
        assertThat(line.deployment.memory.blobs().keys("f/studio/")).isEmpty();
        assertThat(itemsOf("other")).isEqualTo(others);
        assertThat(line.deployment.memory.blobs().keys("f/other/")).hasSize(1);
        assertThat(line.call("tenant", "delete", "studio", "--yes").err())
                .contains("no tenant studio");
    }

    @Test
    void a_deletion_wants_the_name_or_yes() {
        works("studio");
        CommandLineOfTests.Ended unasked = line.call("tenant", "delete", "studio");
        assertThat(unasked.code()).isEqualTo(2);
        assertThat(unasked.err()).contains("give --yes");
        CommandLineOfTests.Ended mistyped = line.typing("studi", "tenant", "delete", "studio");
        assertThat(mistyped.err()).contains("for good", "Nothing was deleted");
        assertThat(itemsOf("studio")).isNotEmpty();
        assertThat(line.typing("studio", "tenant", "delete", "studio").code()).isZero();
        assertThat(itemsOf("studio")).isEmpty();
    }

    @Test
    void a_tenant_that_is_being_deleted_gets_no_key() {
        works("studio");
        line.deployment.removal(line.deployment.clock::advance).close("studio");
        assertThat(line.call("tenant", "list").out()).containsPattern("studio .*being deleted");
        CommandLineOfTests.Ended refused = line.call("key", "create", "--tenant", "studio");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("is being deleted");
        assertThat(line.call("tenant", "delete", "studio", "--yes").code()).isZero();
        assertThat(line.call("key", "create", "--tenant", "studio").code()).isZero();
    }
}
