package comfyserverless.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.admin.report.Refusal;
import comfyserverless.admin.target.Deployment;
import comfyserverless.contract.Ports;
import comfyserverless.contract.account.Account;
import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.account.Usage;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.job.QueueView;
import comfyserverless.contract.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tenant`: those who share a deployment, what they may use and have used.
@Command(
        name = "tenant",
        description = "Tenants: their limits, what they have used, all that they have.",
        mixinStandardHelpOptions = true)
final class TenantCommands {
    private final Session session;

    private TenantCommands(Session session) {
        this.session = session;
    }

    /// The command with all that is below it.
    static CommandLine line(Session session) {
        CommandLine line = new CommandLine(new TenantCommands(session));
        line.addSubcommand(new TenantExport(session));
        line.addSubcommand(new TenantDelete(session));
        return line;
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description =
                    "Makes a tenant, with limits of its own if any are given. Its first key comes from key create"
                            + " --tenant NAME.")
    int create(
            @Parameters(paramLabel = "NAME", description = "a-z, 0-9 and, between them, -")
                    String tenant,
            @Mixin LimitOptions options) {
        Identity.requireTenant(tenant);
        Limits own = options.given();
        try (Deployment deployment = session.open()) {
            Accounts accounts = deployment.ports().accounts();
            if (!accounts.create(tenant, own)) {
                throw new Refusal(
                        "There is a tenant "
                                + tenant
                                + " already: tenant limit changes its limits, tenant show shows it.");
            }
            session.report()
                    .result(
                            json(require(accounts, tenant)),
                            "Made the tenant "
                                    + tenant
                                    + ". A key for it: comfy-admin key create --tenant "
                                    + tenant);
            return 0;
        }
    }

    /// The tenant of that name.
    ///
    /// @throws Refusal if there is none
    static Account require(Accounts accounts, String tenant) {
        Identity.requireTenant(tenant);
        return accounts.find(tenant).orElseThrow(() -> unknown(tenant));
    }

    static Refusal unknown(String tenant) {
        return new Refusal("There is no tenant " + tenant + ": tenant list shows those there are.");
    }

    private static ObjectNode json(Account account) {
        ObjectNode json = Json.object().put("tenant", account.tenant());
        json.put("made", account.made().toString()).put("closing", account.closing());
        ObjectNode limits = json.putObject("limits");
        for (Limit limit : Limit.values()) {
            OptionalLong value = account.own().find(limit);
            if (value.isPresent()) {
                limits.put(limit.word(), value.getAsLong());
            }
        }
        return json;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the tenants: those that were made, have keys or had work.")
    int list() {
        try (Deployment deployment = session.open()) {
            ObjectNode json = Json.object();
            json.putArray("tenants");
            Lines lines = new Lines("TENANT", "MADE", "LIMITS OF ITS OWN");
            for (Account account : deployment.ports().accounts().all()) {
                json.withArray("tenants").add(json(account));
                lines.row(
                        account.tenant(),
                        account.made().toString(),
                        account.closing() ? "is being deleted" : limits(account.own()));
            }
            session.report().result(json, lines.text("No tenants."));
            return 0;
        }
    }

    private static String limits(Limits own) {
        List<String> shown = new ArrayList<>();
        for (Limit limit : Limit.values()) {
            own.find(limit)
                    .ifPresent(value ->
                            shown.add(limit.word() + " " + LimitOptions.shown(limit, value)));
        }
        return shown.isEmpty() ? "-" : String.join(", ", shown);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows a tenant: what it has, what it has used, its limits.")
    int show(@Parameters(paramLabel = "NAME") String tenant) {
        try (Deployment deployment = session.open()) {
            Ports ports = deployment.ports();
            Account account = require(ports.accounts(), tenant);
            QueueView queue = ports.jobs().queue(tenant);
            List<StoredFile> files = new ArrayList<>(ports.files().list(tenant, FileType.INPUT));
            files.addAll(ports.files().list(tenant, FileType.OUTPUT));
            long bytes = files.stream().mapToLong(StoredFile::size).sum();
            int sockets = ports.connections().all(tenant).size();
            int keys = deployment.credentials().list(tenant).size();
            ObjectNode json = json(account);
            json.put("pending", queue.pending().size()).put("running", queue.running().size());
            json.put("files", files.size()).put("bytes", bytes);
            json.put("sockets", sockets).put("keys", keys);
            Lines lines = new Lines("TENANT", tenant);
            lines.row("made", account.made().toString());
            if (account.closing()) {
                lines.row("state", "is being deleted");
            }
            lines.row("prompts", waiting(queue));
            lines.row("files", files.size() + ", " + Amount.size(bytes));
            lines.row("sockets", String.valueOf(sockets));
            lines.row("keys and sessions", String.valueOf(keys));
            limitRows(account.own(), lines);
            List<Usage> months = ports.accounts().usage(tenant);
            if (!months.isEmpty()) {
                Usage last = months.getLast();
                json.set("usage", json(last));
                lines.row(
                        "used in " + last.month(),
                        Amount.time(last.gpu().toSeconds()) + ", " + last.jobs() + " jobs");
            }
            session.report().result(json, lines.text(""));
            return 0;
        }
    }

    private static String waiting(QueueView queue) {
        return queue.pending().size() + " wait, " + queue.running().size() + " run";
    }

    private static void limitRows(Limits own, Lines lines) {
        for (Limit limit : Limit.values()) {
            OptionalLong value = own.find(limit);
            lines.row(
                    "limit " + limit.word(),
                    value.isPresent()
                            ? LimitOptions.shown(limit, value.getAsLong())
                            : "the deployment's");
        }
    }

    @Command(
            name = "limit",
            mixinStandardHelpOptions = true,
            description =
                    "Changes limits of a tenant, or shows them if no option is given. Where it has none of its own the"
                            + " deployment's hold.")
    int limit(
            @Parameters(paramLabel = "NAME") String tenant,
            @Mixin LimitOptions options,
            @Option(
                            names = "--none",
                            paramLabel = "LIMIT",
                            split = ",",
                            description =
                                    "a limit that it shall no longer have of its own: pending, running, requests,"
                                            + " gpu-seconds, storage, connections, retention or results")
                    @Nullable List<String> none) {
        Limits set = options.given();
        Set<Limit> lifted = LimitOptions.named(none);
        String both =
                lifted.stream()
                        .filter(limit -> set.find(limit).isPresent())
                        .map(Limit::word)
                        .collect(Collectors.joining(", "));
        if (!both.isEmpty()) {
            throw new IllegalArgumentException(
                    "--none " + both + ": the same command sets it; give one of the two.");
        }
        try (Deployment deployment = session.open()) {
            Accounts accounts = deployment.ports().accounts();
            require(accounts, tenant);
            if (!set.values().isEmpty() || !lifted.isEmpty()) {
                accounts.limit(tenant, set, lifted);
                session.report()
                        .note(
                                "The change holds everywhere within "
                                        + Accounts.TRUSTED.toSeconds()
                                        + " s.");
            }
            Account account = require(accounts, tenant);
            Lines lines = new Lines("TENANT", tenant);
            limitRows(account.own(), lines);
            session.report().result(json(account), lines.text(""));
            return 0;
        }
    }

    @Command(
            name = "usage",
            mixinStandardHelpOptions = true,
            description = "What a tenant, or each of them, has used of runners, by month (UTC).")
    int usage(
            @Parameters(paramLabel = "NAME", arity = "0..1", description = "the tenant (each)")
                    @Nullable String tenant) {
        try (Deployment deployment = session.open()) {
            Accounts accounts = deployment.ports().accounts();
            List<String> tenants =
                    tenant == null
                            ? accounts.all().stream().map(Account::tenant).toList()
                            : List.of(require(accounts, tenant).tenant());
            ObjectNode json = Json.object();
            json.putArray("usage");
            Lines lines = new Lines("TENANT", "MONTH", "GPU TIME", "JOBS");
            for (String one : tenants) {
                for (Usage usage : accounts.usage(one)) {
                    json.withArray("usage").add(json(usage).put("tenant", one));
                    lines.row(
                            one,
                            usage.month().toString(),
                            Amount.time(usage.gpu().toSeconds()),
                            String.valueOf(usage.jobs()));
                }
            }
            session.report().result(json, lines.text("Nothing was used."));
            return 0;
        }
    }

    private static ObjectNode json(Usage usage) {
        return Json.object()
                .put("month", usage.month().toString())
                .put("gpu_seconds", usage.gpu().toMillis() / 1000.0)
                .put("jobs", usage.jobs());
    }
}
