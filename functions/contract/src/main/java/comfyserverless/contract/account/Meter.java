package comfyserverless.contract.account;

import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Item;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// What a tenant has used, on its item: `gpu{yyyyMM}` (milliseconds of runners) and `jobs{yyyyMM}` of each
/// month, `day{yyyyMMdd}` (milliseconds) of the day. Months and days are UTC's.
public final class Meter {
    private static final String GPU = "gpu";
    private static final String JOBS = "jobs";
    private static final String DAY = "day";
    private static final int MOST_FORGOTTEN = 50;

    /// Expressions take no hyphens in the names of attributes.
    private static final DateTimeFormatter BASIC_MONTH = DateTimeFormatter.ofPattern("uuuuMM");

    private static final DateTimeFormatter BASIC_DAY = DateTimeFormatter.BASIC_ISO_DATE;

    private Meter() {}

    private static String gpu(YearMonth month) {
        return GPU + BASIC_MONTH.format(month);
    }

    private static String jobs(YearMonth month) {
        return JOBS + BASIC_MONTH.format(month);
    }

    /// What a job that ended adds. It belongs into the transaction that ends the job, so that each job counts
    /// once, under the fence of the run that ended it.
    public static List<Change> ended(Instant at, Duration gpu) {
        YearMonth month = YearMonth.from(at.atOffset(ZoneOffset.UTC));
        return List.of(
                Change.add(gpu(month), gpu.toMillis()),
                Change.add(jobs(month), 1),
                Change.add(today(at), gpu.toMillis()));
    }

    /// The attribute with the milliseconds of this day.
    public static String today(Instant at) {
        return DAY + BASIC_DAY.format(LocalDate.ofInstant(at, ZoneOffset.UTC));
    }

    /// How long a run kept a runner.
    public static Duration run(Instant claimed, Instant end) {
        return end.isAfter(claimed) ? Duration.between(claimed, end) : Duration.ZERO;
    }

    /// What this day's runs took so far.
    public static Duration usedToday(Item item, Instant now) {
        return Duration.ofMillis(item.wholeOr(today(now), 0));
    }

    /// What a run took on average this month; nothing where none has ended.
    public static Duration usualRun(Item item, Instant now) {
        YearMonth month = YearMonth.from(now.atOffset(ZoneOffset.UTC));
        long jobs = item.wholeOr(jobs(month), 0);
        return jobs == 0 ? Duration.ZERO : Duration.ofMillis(item.wholeOr(gpu(month), 0) / jobs);
    }

    /// Takes away the days before yesterday, some at once: nobody needs them any more, and what a prompt costs
    /// grows with the item.
    public static List<Change> forgetPastDays(Item item, Instant now) {
        Set<String> kept = Set.of(today(now), today(now.minus(1, ChronoUnit.DAYS)));
        return item.values().keySet().stream()
                .filter(name -> name.startsWith(DAY) && !kept.contains(name))
                .limit(MOST_FORGOTTEN)
                .map(Change::remove)
                .toList();
    }

    /// How long it is until the next day begins.
    public static Duration untilTomorrow(Instant now) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        return Duration.between(now, today.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    /// What the item says of each month, the oldest first.
    static List<Usage> usage(Item item) {
        List<Usage> months = new ArrayList<>();
        for (String name : item.values().keySet()) {
            if (name.startsWith(JOBS)) {
                YearMonth month = YearMonth.parse(name.substring(JOBS.length()), BASIC_MONTH);
                months.add(
                        new Usage(
                                month,
                                Duration.ofMillis(item.wholeOr(gpu(month), 0)),
                                item.whole(name)));
            }
        }
        months.sort(Comparator.comparing(Usage::month));
        return months;
    }
}
