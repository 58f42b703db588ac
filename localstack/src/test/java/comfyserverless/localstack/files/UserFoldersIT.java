package comfyserverless.localstack.files;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.SampleJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserFoldersIT {
    @TempDir private Path folder;
    private final InMemoryPorts memory = new InMemoryPorts();

    private Path file(String name, String content) throws IOException {
        Path path = folder.resolve(name);
        Files.createDirectories(path.resolveSibling(""));
        return Files.writeString(path, content);
    }

    private Claim claim() {
        memory.ports().jobs().enqueue(SampleJobs.job(new JobKey("default", "one"), 1));
        return memory.ports().claims().claim("runner").orElseThrow();
    }

    @Test
    void every_file_of_a_folder_becomes_an_input_and_only_changes_are_brought_again()
            throws IOException {
        file("in/a.png", "a");
        file("in/sub/b.png", "b");
        InputImport imports = new InputImport(memory.ports().files(), "default");
        assertThat(imports.run(folder.resolve("in"))).isEqualTo(2);
        assertThat(
                        memory.ports()
                                .files()
                                .find("default", new FileRef(FileType.INPUT, "sub", "b.png")))
                .isPresent();
        assertThat(memory.ports().files().find("default", new FileRef(FileType.INPUT, "", "a.png")))
                .isPresent();
        file("in/a.png", "longer");
        assertThat(imports.run(folder.resolve("in"))).isGreaterThanOrEqualTo(1);
    }

    @Test
    void a_saved_output_lies_in_the_users_folder_under_its_name() throws IOException {
        MirroredFiles files = new MirroredFiles(memory.ports().files(), folder.resolve("out"));
        Claim claim = claim();
        Path picture = file("picture", "pixels");
        assertThat(
                        files.putOutput(
                                claim,
                                new FileRef(FileType.OUTPUT, "sub", "x_00001_.png"),
                                picture))
                .isPresent();
        assertThat(files.putOutput(claim, new FileRef(FileType.TEMP, "", "y.png"), picture))
                .isPresent();
        assertThat(folder.resolve("out/sub/x_00001_.png")).hasContent("pixels");
        assertThat(folder.resolve("out/y.png")).doesNotExist();
    }
}
