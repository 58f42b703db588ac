package comfyserverless.aws;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// How other programs of this user reach the stores of a process, as a file that only this user can read. A process
/// writes it when it is ready and removes it when it ends.
public final class SettingsFile {
    /// Its name in the process's data folder.
    public static final String NAME = "endpoints.properties";

    private SettingsFile() {}

    /// What was found.
    ///
    /// @param process the one that wrote it
    public record Found(AwsSettings settings, long process, OwnWays own) {
        /// Whether that process still runs.
        public boolean isRunning() {
            return ProcessHandle.of(process).filter(ProcessHandle::isAlive).isPresent();
        }
    }

    /// What the process does otherwise than a deployment.
    ///
    /// @param modelsFolder where it reads models instead of the bucket, or null
    /// @param webhookLoopback whether its webhooks may call this machine
    public record OwnWays(@Nullable Path modelsFolder, boolean webhookLoopback) {}

    /// Writes it in one go.
    public static void write(Path file, AwsSettings settings, OwnWays own) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("process", Long.toString(ProcessHandle.current().pid()));
        properties.setProperty("region", settings.region());
        set(properties, "dynamodb", settings.endpoints().dynamo());
        set(properties, "s3", settings.endpoints().s3());
        set(properties, "sqs", settings.endpoints().sqs());
        set(properties, "management", settings.endpoints().management());
        properties.setProperty("table", settings.names().table());
        properties.setProperty("filesBucket", settings.names().filesBucket());
        properties.setProperty("modelsBucket", settings.names().modelsBucket());
        properties.setProperty("queueUrl", settings.names().queueUrl());
        AwsSettings.Webhooks webhooks = settings.names().webhooks();
        if (webhooks != null) {
            properties.setProperty("webhookQueueUrl", webhooks.queueUrl());
            properties.setProperty("webhookDeadQueueUrl", webhooks.deadQueueUrl());
        }
        properties.setProperty("binaryPosts", Boolean.toString(settings.binaryPosts()));
        set(properties, "modelsFolder", own.modelsFolder());
        properties.setProperty("webhookLoopback", Boolean.toString(own.webhookLoopback()));
        AwsSettings.Access access = settings.access();
        if (access != null) {
            properties.setProperty("accessKeyId", access.id());
            properties.setProperty("secretAccessKey", access.secret());
        }
        Path fresh = Files.createTempFile(file.getParent(), NAME, ".new", readableByOwner(file));
        try (Writer writer = Files.newBufferedWriter(fresh)) {
            properties.store(writer, null);
        }
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] readableByOwner(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void set(Properties properties, String name, @Nullable Object value) {
        if (value != null) {
            properties.setProperty(name, value.toString());
        }
    }

    /// Empty if there is no such file.
    public static Optional<Found> read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        String accessKeyId = properties.getProperty("accessKeyId");
        AwsSettings settings =
                new AwsSettings(
                        required(file, properties, "region"),
                        new AwsSettings.Endpoints(
                                uri(properties, "dynamodb"),
                                uri(properties, "s3"),
                                uri(properties, "sqs"),
                                uri(properties, "management")),
                        new AwsSettings.Names(
                                required(file, properties, "table"),
                                required(file, properties, "filesBucket"),
                                required(file, properties, "modelsBucket"),
                                required(file, properties, "queueUrl"),
                                webhooks(file, properties)),
                        accessKeyId == null
                                ? null
                                : new AwsSettings.Access(
                                        accessKeyId, required(file, properties, "secretAccessKey")),
                        Boolean.parseBoolean(properties.getProperty("binaryPosts")));
        String modelsFolder = properties.getProperty("modelsFolder");
        return Optional.of(
                new Found(
                        settings,
                        Long.parseLong(required(file, properties, "process")),
                        new OwnWays(
                                modelsFolder == null ? null : Path.of(modelsFolder),
                                Boolean.parseBoolean(properties.getProperty("webhookLoopback")))));
    }

    private static AwsSettings.@Nullable Webhooks webhooks(Path file, Properties properties)
            throws IOException {
        return properties.containsKey("webhookQueueUrl")
                ? new AwsSettings.Webhooks(
                        required(file, properties, "webhookQueueUrl"),
                        required(file, properties, "webhookDeadQueueUrl"))
                : null;
    }

    private static @Nullable URI uri(Properties properties, String name) {
        String value = properties.getProperty(name);
        return value == null ? null : URI.create(value);
    }

    private static String required(Path file, Properties properties, String name)
            throws IOException {
        String value = properties.getProperty(name);
        if (value == null) {
            throw new IOException(file + " has no " + name);
        }
        return value;
    }
}
