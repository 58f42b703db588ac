package comfyserverless.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.admin.report.Refusal;
import comfyserverless.admin.report.Tally;
import comfyserverless.admin.target.Deployment;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.tenant.Archive;
import comfyserverless.contract.tenant.Export;
import comfyserverless.contract.tenant.FolderArchive;
import comfyserverless.contract.tenant.ZipArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `tenant export`: all that a tenant has, into a folder or a zip.
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description =
                "Writes all that a tenant has into a folder, or into a zip if the name ends so: what waits, runs and"
                        + " ended, its files, workflows and settings. Models and keys are not in it. Into a folder it"
                        + " goes on where it was broken off.")
final class TenantExport implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "NAME", description = "the tenant")
    String tenant = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "FOLDER|FILE.zip",
            description = "where to (the folder NAME)")
    @Nullable Path target;

    TenantExport(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        Path to = target == null ? Path.of(tenant) : target;
        try (Deployment deployment = session.open()) {
            if (deployment.ports().accounts().find(tenant).isEmpty()) {
                throw TenantCommands.unknown(tenant);
            }
            boolean zip = to.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
            Export export = deployment.ports().export();
            Export.Written written = zip ? intoZip(export, to) : intoFolder(export, to);
            ObjectNode json = Json.object().put("to", to.toString());
            json.put("jobs", written.jobs()).put("history", written.history());
            json.put("webhooks", written.calls());
            json.put("files", written.files()).put("user_files", written.userFiles());
            json.put("bytes", written.bytes());
            session.report().result(json, to + ": " + line(written) + ".");
            return 0;
        }
    }

    private Export.Written intoFolder(Export export, Path folder) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new Refusal(folder + " is a file: name a folder, or a file that ends in .zip.");
        }
        Path manifest = folder.resolve("manifest.json");
        if (Files.exists(manifest)
                && !Json.read(Files.readString(manifest)).path("tenant").asText().equals(tenant)) {
            throw new Refusal(folder + " has another tenant's export in it: name another folder.");
        }
        return write(export, new FolderArchive(folder));
    }

    /// Beside its place until it is whole.
    private Export.Written intoZip(Export export, Path zip) throws IOException {
        if (Files.exists(zip)) {
            throw new Refusal(zip + " is there already: name another file, or take it away.");
        }
        Path part = zip.resolveSibling(zip.getFileName() + ".part");
        Export.Written written;
        try (ZipArchive archive = new ZipArchive(Files.newOutputStream(part))) {
            written = write(export, archive);
        }
        Files.move(part, zip, StandardCopyOption.REPLACE_EXISTING);
        return written;
    }

    private Export.Written write(Export export, Archive archive) {
        try (Tally tally = new Tally(session.report(), session.clock())) {
            return export.write(tenant, archive, soFar -> tally.at(() -> line(soFar)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the export of " + tenant, e);
        }
    }

    private static String line(Export.Written written) {
        return written.jobs()
                + " prompts that wait or run, "
                + written.history()
                + " that ended, "
                + written.calls()
                + " calls to its server, "
                + written.files()
                + " files, "
                + written.userFiles()
                + " of its users' files, "
                + Amount.size(written.bytes());
    }
}
