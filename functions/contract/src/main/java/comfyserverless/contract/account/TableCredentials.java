package comfyserverless.contract.account;

import comfyserverless.contract.state.TableDefinition;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Digests;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// [Credentials] on the table: `Y#{sha256}` / `0`, and for the tenant's list `V#{tenant}` / `{id}`.
public final class TableCredentials implements Credentials {
    private static final String KIND = "kind";
    private static final String TENANT = "tenant";
    private static final String USER = "user";
    private static final String ADMIN = "admin";
    private static final String LABEL = "label";
    private static final String MADE = "made";
    private static final String ENDS = "ends";
    private static final String HASH = "hash";

    /// The hash of the key that a session was opened with.
    private static final String OPENER = "opener";

    private static final String COUNT = "count";
    private static final int ID_LENGTH = 12;
    private static final Duration TRIES_KEPT = Duration.ofMinutes(10);

    private final Table table;
    private final Clock clock;
    private final Supplier<String> secrets;

    /// @param secrets fresh texts that nobody can guess (256 bits of randomness, `A-Z a-z 0-9 - _`)
    public TableCredentials(Table table, Clock clock, Supplier<String> secrets) {
        this.table = table;
        this.clock = clock;
        this.secrets = secrets;
    }

    @Override
    public Issued issue(
            Kind kind,
            Identity identity,
            String label,
            @Nullable Duration life,
            @Nullable String key) {
        String secret = prefix(kind) + secrets.get();
        String hash = sha256(secret);
        String id = hash.substring(0, ID_LENGTH);
        Instant now = clock.instant();
        Item item = described(Item.of(secretKey(hash)), kind, identity, label, now);
        Item shown = described(Item.of(listKey(identity.tenant(), id)), kind, identity, label, now);
        shown = shown.with(HASH, hash);
        if (key != null) {
            String opener = sha256(key);
            item = item.with(OPENER, opener);
            shown = shown.with(OPENER, opener);
        }
        if (life != null) {
            item = ending(item, now.plus(life));
            shown = ending(shown, now.plus(life));
        }
        if (kind != Kind.TICKET) {
            table.write(Write.put(shown));
        }
        table.write(Write.put(item));
        return new Issued(id, secret);
    }

    /// So that a leaked one is known for what it is.
    private static String prefix(Kind kind) {
        return "cs" + kind.name().substring(0, 1).toLowerCase(Locale.ROOT) + "_";
    }

    private static Item described(
            Item item, Kind kind, Identity identity, String label, Instant now) {
        return item.with(KIND, kind.name())
                .with(TENANT, identity.tenant())
                .withOptional(USER, identity.user())
                .with(ADMIN, identity.admin() ? 1 : 0)
                .with(LABEL, label)
                .with(MADE, now.toEpochMilli());
    }

    private static Item ending(Item item, Instant at) {
        return item.with(ENDS, at.toEpochMilli()).expiring(at.plusSeconds(1));
    }

    /// What does not begin as our secrets do costs no read.
    @Override
    public Optional<Identity> find(Kind kind, String secret) {
        if (!secret.startsWith(prefix(kind))) {
            return Optional.empty();
        }
        return lasting(sha256(secret))
                .filter(item -> item.text(KIND).equals(kind.name()))
                .filter(item ->
                        item.textOrNull(OPENER) == null || lasting(item.text(OPENER)).isPresent())
                .map(TableCredentials::identity);
    }

    private Optional<Item> lasting(String hash) {
        return table.get(secretKey(hash))
                .filter(item ->
                        item.wholeOr(ENDS, Long.MAX_VALUE) > clock.instant().toEpochMilli());
    }

    private static Identity identity(Item item) {
        return new Identity(item.text(TENANT), item.textOrNull(USER), item.whole(ADMIN) == 1);
    }

    /// Of several deletions one finds the item there.
    @Override
    public Optional<Identity> redeem(String ticket) {
        return find(Kind.TICKET, ticket)
                .filter(_ -> {
                    Key key = secretKey(sha256(ticket));
                    return table.write(Write.delete(key, Condition.present())).done();
                });
    }

    @Override
    public List<Shown> list(String tenant) {
        return table.all(Query.of("V#" + tenant, Index.MAIN)).stream()
                .map(TableCredentials::shown)
                .sorted(Comparator.comparing(Shown::made).thenComparing(Shown::id))
                .toList();
    }

    private static Shown shown(Item item) {
        return new Shown(
                Kind.valueOf(item.text(KIND)),
                item.key().sort(),
                identity(item),
                item.text(LABEL),
                Instant.ofEpochMilli(item.whole(MADE)),
                item.has(ENDS) ? Instant.ofEpochMilli(item.whole(ENDS)) : null);
    }

    /// The secret goes first: should a later write fail, neither it nor a session that it opened opens anything any
    /// more, and it can be revoked again.
    @Override
    public boolean revoke(String tenant, String id) {
        Optional<Item> listed = id.isEmpty() ? Optional.empty() : table.get(listKey(tenant, id));
        listed.ifPresent(item -> {
            String hash = item.text(HASH);
            table.write(Write.delete(secretKey(hash)));
            for (Item other : table.all(Query.of(item.key().partition(), Index.MAIN))) {
                if (hash.equals(other.textOrNull(OPENER))) {
                    drop(other);
                }
            }
            drop(item);
        });
        return listed.isPresent();
    }

    private void drop(Item listed) {
        table.write(Write.delete(secretKey(listed.text(HASH))));
        table.write(Write.delete(listed.key()));
    }

    @Override
    public void end(String session) {
        find(Kind.SESSION, session)
                .ifPresent(who -> revoke(who.tenant(), sha256(session).substring(0, ID_LENGTH)));
    }

    @Override
    public long tries(String who) {
        Instant now = clock.instant();
        String minute = String.valueOf(now.getEpochSecond() / 60);
        Key key = new Key("Y#try#" + sha256(who), minute);
        Write write =
                Write.update(
                        key,
                        Change.add(COUNT, 1),
                        Change.set(TableDefinition.EXPIRY, now.plus(TRIES_KEPT).getEpochSecond()));
        return switch (table.write(write)) {
            case Outcome.Done done -> done.written().whole(COUNT);
            case Outcome.Refused _ ->
                    throw new IllegalStateException("a write without condition was refused");
        };
    }

    private static Key secretKey(String hash) {
        return new Key("Y#" + hash, "0");
    }

    private static Key listKey(String tenant, String id) {
        return new Key("V#" + tenant, id);
    }

    private static String sha256(String text) {
        return Digests.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
