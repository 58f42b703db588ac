package comfyserverless.localstack.files;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.file.UserFilesContract;
import comfyserverless.contract.job.JobSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderUserFilesIT extends UserFilesContract {
    @TempDir private Path folder;

    @Override
    protected Ports ports(JobSettings settings) {
        return new InMemoryPorts().ports();
    }

    @Override
    protected UserFiles userFiles(Ports ports) {
        return new FolderUserFiles("default", folder, ports.userFiles());
    }

    @Test
    void what_is_written_lies_in_the_folder_under_its_own_name() {
        UserFiles files = userFiles(new InMemoryPorts().ports());
        byte[] bytes = "{}".getBytes(StandardCharsets.UTF_8);
        files.write(new UserFiles.User("default", "default"), "workflows/mine.json", bytes);
        files.write(new UserFiles.User("default", "another"), "workflows/theirs.json", bytes);
        assertThat(folder.resolve("workflows/mine.json")).hasBinaryContent(bytes);
        assertThat(folder.resolve("workflows/theirs.json")).doesNotExist();
    }
}
