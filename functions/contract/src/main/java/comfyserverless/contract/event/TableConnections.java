package comfyserverless.contract.event;

import static comfyserverless.contract.table.Condition.absent;
import static comfyserverless.contract.table.Condition.any;
import static comfyserverless.contract.table.Condition.below;
import static comfyserverless.contract.table.Condition.is;
import static comfyserverless.contract.table.Condition.lacks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Digests;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// [Connections] on the table: `W#{tenant}` / `C#{clientId}`, the way back `X#{connectionId}` / `0`,
/// and `K#{minute mod 8}` / `{connectionId}` for those whose turn it is to be kept alive.
public final class TableConnections implements Connections {
    /// API Gateway closes a socket after two hours.
    private static final Duration LONGEST = Duration.ofMinutes(130);

    private static final String CONNECTION = "connectionId";
    private static final String CLIENT = "clientId";
    private static final String TENANT = "tenant";
    private static final String CONNECTED = "connectedAt";
    private static final String FEATURES = "features";
    private static final String GREETED = "greeted";
    private static final String RESUMED = "resumed";
    private static final int SECONDS = 60;

    private final Table table;
    private final Clock clock;
    private final Supplier<String> operations;

    /// @param operations fresh operation ids
    public TableConnections(Table table, Clock clock, Supplier<String> operations) {
        this.table = table;
        this.clock = clock;
        this.operations = operations;
    }

    private static Key clientKey(String tenant, String clientId) {
        return new Key("W#" + tenant, "C#" + Digests.shortened(clientId));
    }

    private static Key backKey(String connectionId) {
        return new Key("X#" + connectionId, "0");
    }

    private static Key keepAliveKey(String connectionId, Instant connected) {
        long slot = connected.getEpochSecond() / SECONDS % KEEP_ALIVE_SLOTS;
        return new Key("K#" + slot, connectionId);
    }

    @Override
    public void connected(Connection connection) {
        Instant end = clock.instant().plus(LONGEST);
        long at = connection.connectedAt().toEpochMilli();
        Item back = item(backKey(connection.connectionId()), connection).expiring(end);
        table.write(Write.put(back));
        table.write(
                Write.put(
                        item(
                                        keepAliveKey(
                                                connection.connectionId(),
                                                connection.connectedAt()),
                                        connection)
                                .expiring(end)));
        Item client =
                item(clientKey(connection.tenant(), connection.clientId()), connection)
                        .expiring(end);
        table.write(Write.put(client, any(absent(), below(CONNECTED, at + 1)), operations.get()));
    }

    private static Item item(Key key, Connection connection) {
        Item item =
                Item.of(key)
                        .with(TENANT, connection.tenant())
                        .with(CLIENT, connection.clientId())
                        .with(CONNECTION, connection.connectionId())
                        .with(CONNECTED, connection.connectedAt().toEpochMilli())
                        .with(FEATURES, Json.write(connection.features()));
        if (!connection.resumed().isEmpty()) {
            item = item.with(RESUMED, Json.write(json(connection.resumed())));
        }
        return connection.greeted() ? item.with(GREETED, 1) : item;
    }

    @Override
    public void disconnected(String connectionId) {
        Optional<Item> back = table.get(backKey(connectionId));
        if (back.isEmpty()) {
            return;
        }
        Connection connection = connection(back.get());
        Key client = clientKey(connection.tenant(), connection.clientId());
        table.write(Write.delete(client, is(CONNECTION, connectionId)));
        table.write(Write.delete(keepAliveKey(connectionId, connection.connectedAt())));
        table.write(Write.delete(backKey(connectionId)));
    }

    @Override
    public Optional<Connection> find(String tenant, String clientId) {
        return table.get(clientKey(tenant, clientId)).map(TableConnections::connection);
    }

    @Override
    public Optional<Connection> byConnectionId(String connectionId) {
        return table.get(backKey(connectionId))
                .map(TableConnections::connection)
                .map(back ->
                        find(back.tenant(), back.clientId())
                                .filter(now -> now.connectionId().equals(connectionId))
                                .orElse(back));
    }

    @Override
    public boolean greet(Connection connection, List<Connection.Resumed> resumed) {
        List<Change> changes = new ArrayList<>(List.of(Change.set(GREETED, 1)));
        if (!resumed.isEmpty()) {
            changes.add(Change.set(RESUMED, Json.write(json(resumed))));
        }
        return update(connection, lacks(GREETED), changes);
    }

    @Override
    public void announce(Connection connection, ObjectNode features) {
        update(connection, Condition.always(), List.of(Change.set(FEATURES, Json.write(features))));
    }

    private boolean update(Connection connection, Condition condition, List<Change> changes) {
        Write write =
                Write.update(
                        clientKey(connection.tenant(), connection.clientId()),
                        is(CONNECTION, connection.connectionId()).and(condition),
                        operations.get(),
                        changes);
        return table.write(write).done();
    }

    @Override
    public List<Connection> all(String tenant) {
        return table.all(Query.of("W#" + tenant, Index.MAIN)).stream()
                .map(TableConnections::connection)
                .toList();
    }

    @Override
    public List<Connection> keepAlive(int slot) {
        return table.all(Query.of("K#" + slot, Index.MAIN)).stream()
                .map(TableConnections::connection)
                .toList();
    }

    private static Connection connection(Item item) {
        return new Connection(
                item.text(TENANT),
                item.text(CLIENT),
                item.text(CONNECTION),
                Instant.ofEpochMilli(item.whole(CONNECTED)),
                features(item),
                item.has(GREETED),
                resumed(item));
    }

    private static ObjectNode json(List<Connection.Resumed> resumed) {
        ObjectNode jobs = Json.object();
        for (Connection.Resumed job : resumed) {
            jobs.putArray(job.promptId()).add(job.fence()).add(job.seq());
        }
        return jobs;
    }

    private static List<Connection.Resumed> resumed(Item item) {
        String text = item.textOrNull(RESUMED);
        if (text == null) {
            return List.of();
        }
        return Json.read(text).properties().stream()
                .map(job ->
                        new Connection.Resumed(
                                job.getKey(),
                                job.getValue().path(0).asLong(),
                                job.getValue().path(1).asLong()))
                .toList();
    }

    private static ObjectNode features(Item item) {
        if (Json.read(item.text(FEATURES)) instanceof ObjectNode features) {
            return features;
        }
        throw new IllegalStateException(
                "the features of connection " + item.key() + " are no object");
    }
}
