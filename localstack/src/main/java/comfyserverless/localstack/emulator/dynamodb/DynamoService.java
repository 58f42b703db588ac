package comfyserverless.localstack.emulator.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.localstack.emulator.aws.JsonService;
import comfyserverless.localstack.emulator.aws.ServiceException;
import comfyserverless.localstack.emulator.dynamodb.table.Table;
import comfyserverless.localstack.emulator.store.DurableStore;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/// DynamoDB's operations (version 2012-08-10) on a durable store.
public final class DynamoService implements JsonService {
    private static final int EXPIRE_AT_ONCE = 200;

    private final Clock clock;
    private final Tables tables;
    private final Writer writer;
    private final Items items;
    private final Batches batches;
    private final Transactions transactions;
    private final Queries queries;

    /// The listener gets every committed change in order and must be quick: the writers of the next changes wait for it.
    public DynamoService(DurableStore store, Clock clock, Consumer<StreamRecord> listener) {
        this.clock = clock;
        this.tables = new Tables(store, clock);
        this.writer = new Writer(store, new Streams(store, clock, listener));
        this.items = new Items(tables, writer);
        this.batches = new Batches(tables, writer);
        this.transactions = new Transactions(tables, writer, store, clock);
        this.queries = new Queries(tables);
    }

    @Override
    public String errorNamespace() {
        return "com.amazonaws.dynamodb.v20120810#";
    }

    @Override
    public ObjectNode call(String operation, JsonNode request) {
        return switch (operation) {
            case "GetItem" -> items.get(request);
            case "PutItem" -> items.put(request);
            case "UpdateItem" -> items.update(request);
            case "DeleteItem" -> items.delete(request);
            case "Query" -> queries.query(request);
            case "Scan" -> queries.scan(request);
            case "BatchGetItem" -> batches.get(request);
            case "BatchWriteItem" -> batches.write(request);
            case "TransactWriteItems" -> transactions.write(request);
            case "TransactGetItems" -> transactions.get(request);
            case "CreateTable" -> tables.create(request);
            case "DeleteTable" -> tables.delete(request);
            case "DescribeTable" -> tables.describe(request);
            case "ListTables" -> tables.list(request);
            case "UpdateTimeToLive" -> tables.updateTimeToLive(request);
            case "DescribeTimeToLive" -> tables.describeTimeToLive(request);
            case "UpdateContinuousBackups", "DescribeContinuousBackups" ->
                    tables.continuousBackups(request);
            default ->
                    throw new ServiceException(
                            400,
                            "UnknownOperationException",
                            "This store has no operation " + operation);
        };
    }

    /// Removes a batch of the items whose TTL has passed; returns how many there were to look at.
    public int sweepExpired() {
        long now = clock.instant().getEpochSecond();
        int seen = 0;
        for (Table table : tables.all()) {
            List<byte[]> keys = table.expired(now, EXPIRE_AT_ONCE);
            keys.forEach(key -> writer.expire(table, key, now));
            seen += keys.size();
        }
        return seen;
    }
}
