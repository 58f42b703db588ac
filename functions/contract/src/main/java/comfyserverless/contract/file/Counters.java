package comfyserverless.contract.file;

import static comfyserverless.contract.table.Condition.absent;
import static comfyserverless.contract.table.Condition.present;

import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.util.List;
import java.util.function.Supplier;

/// Name counters, `N#{tenant}#{type}` / `{subfolder}/{prefix}`: begun beyond the numbers in the names
/// that are there (get_save_image_path, ComfyUI 0.3.64), never given twice.
final class Counters {
    private static final String COUNT = "n";

    private final Table table;
    private final Supplier<String> operations;

    Counters(Table table, Supplier<String> operations) {
        this.table = table;
        this.operations = operations;
    }

    long next(String tenant, FileType type, String subfolder, String prefix) {
        Key key = new Key("N#" + tenant + "#" + type.word(), subfolder + "/" + prefix);
        Write add = Write.update(key, present(), operations.get(), List.of(Change.add(COUNT, 1)));
        if (table.write(add) instanceof Outcome.Done done) {
            return done.written().whole(COUNT);
        }
        long first = highest(TableFiles.partition(tenant, type, subfolder), prefix) + 1;
        Item begun = Item.of(key).with(COUNT, first);
        if (table.write(Write.put(begun, absent(), operations.get())).done()) {
            return first;
        }
        Outcome outcome = table.write(Write.update(key, Change.add(COUNT, 1)));
        if (outcome instanceof Outcome.Done done) {
            return done.written().whole(COUNT);
        }
        throw new IllegalStateException("counter " + key + " refused a write without condition");
    }

    private long highest(String partition, String prefix) {
        long highest = 0;
        for (Item item : table.all(Query.of(partition, Index.MAIN).beginningWith(prefix + "_"))) {
            highest = Math.max(highest, number(item.key().sort(), prefix.length() + 1));
        }
        return highest;
    }

    /// The digits up to the next underscore; 0 if there are other characters before it.
    private static long number(String name, int from) {
        int end = name.indexOf('_', from);
        String digits = end < 0 ? name.substring(from) : name.substring(from, end);
        boolean plain =
                !digits.isEmpty()
                        && digits.length() <= 18
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return plain ? Long.parseLong(digits) : 0;
    }
}
