package comfyserverless.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.admin.report.Refusal;
import comfyserverless.admin.target.Deployment;
import comfyserverless.contract.account.Account;
import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.account.Limits;
import comfyserverless.contract.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `key`: the secrets that programs call with.
@Command(
        name = "key",
        description = "Keys, which programs send with each request.",
        mixinStandardHelpOptions = true)
final class KeyCommands {
    /// As those are that the server itself makes.
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_-]{1,128}");

    private final Session session;

    KeyCommands(Session session) {
        this.session = session;
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description =
                    "Makes a key and prints it, this once: only its hash is kept. Programs send it as X-API-Key or"
                            + " as Authorization: Bearer.")
    int create(
            @Mixin TenantOption whose,
            @Option(
                            names = "--user",
                            description = "whose workflows and settings inside the tenant")
                    @Nullable String user,
            @Option(names = "--admin", description = "may do what concerns every tenant")
                    boolean admin,
            @Option(
                            names = "--label",
                            defaultValue = "",
                            description = "what it is for, shown in lists")
                    String label,
            @Option(names = "--days", description = "how long it lasts (until it is revoked)")
                    @Nullable Integer days) {
        if (days != null && days < 1) {
            throw new IllegalArgumentException(
                    "--days "
                            + days
                            + ": a key lasts a day or more; leave --days out for one that stays.");
        }
        if (user != null && !USER.matcher(user).matches()) {
            throw new IllegalArgumentException(
                    "--user " + user + ": a user is named by 1 to 128 of A-Z, a-z, 0-9, - and _.");
        }
        String tenant = whose.name();
        Identity identity = new Identity(tenant, user, admin);
        try (Deployment deployment = session.open()) {
            requireOpen(deployment.ports().accounts(), tenant);
            Credentials.Issued issued =
                    deployment
                            .credentials()
                            .issue(
                                    Credentials.Kind.KEY,
                                    identity,
                                    label,
                                    days == null ? null : Duration.ofDays(days));
            ObjectNode json = Json.object().put("id", issued.id()).put("key", issued.secret());
            json.put("tenant", tenant);
            session.report().result(json, issued.secret());
            session.report()
                    .note(
                            "This is the only time that the key is shown. Its id is "
                                    + issued.id()
                                    + "; revoke it with: comfy-admin key revoke --tenant "
                                    + tenant
                                    + " "
                                    + issued.id());
            return 0;
        }
    }

    /// Whoever has a key is a tenant.
    private static void requireOpen(Accounts accounts, String tenant) {
        accounts.create(tenant, Limits.none());
        if (accounts.find(tenant).filter(Account::closing).isPresent()) {
            throw new Refusal(
                    "The tenant "
                            + tenant
                            + " is being deleted: end that with tenant delete "
                            + tenant
                            + " first.");
        }
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists a tenant's keys and sessions; no secret is among it.")
    int list(@Mixin TenantOption whose) {
        String tenant = whose.name();
        try (Deployment deployment = session.open()) {
            List<Credentials.Shown> found = deployment.credentials().list(tenant);
            ObjectNode json = Json.object();
            Lines lines = new Lines("ID", "KIND", "USER", "ADMIN", "MADE", "ENDS", "LABEL");
            for (Credentials.Shown one : found) {
                add(json.withArray("keys").addObject(), one);
                Identity who = one.identity();
                lines.row(
                        one.id(),
                        one.kind().name().toLowerCase(java.util.Locale.ROOT),
                        who.user() == null ? "-" : who.user(),
                        who.admin() ? "yes" : "-",
                        one.made().toString(),
                        one.ends() == null ? "-" : one.ends().toString(),
                        one.label());
            }
            session.report().result(json, lines.text("No keys."));
            return 0;
        }
    }

    private static void add(ObjectNode json, Credentials.Shown one) {
        json.put("id", one.id());
        json.put("kind", one.kind().name().toLowerCase(java.util.Locale.ROOT));
        json.put("user", one.identity().user()).put("admin", one.identity().admin());
        json.put("made", one.made().toString());
        json.put("ends", one.ends() == null ? null : one.ends().toString());
        json.put("label", one.label());
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description =
                    "Ends a key with the sessions that it opened, or a session: at once in the table, within a minute"
                            + " in every function.")
    int revoke(
            @Mixin TenantOption whose,
            @Parameters(paramLabel = "ID", description = "as key list shows it") String id) {
        String tenant = whose.name();
        try (Deployment deployment = session.open()) {
            if (!deployment.credentials().revoke(tenant, id)) {
                throw new Refusal(
                        "The tenant "
                                + tenant
                                + " has no key "
                                + id
                                + ": key list shows those there are.");
            }
            session.report()
                    .result(
                            Json.object().put("revoked", id),
                            "Revoked "
                                    + id
                                    + ": from a minute on at the latest neither it nor a session that it opened"
                                    + " opens anything.");
            return 0;
        }
    }
}
