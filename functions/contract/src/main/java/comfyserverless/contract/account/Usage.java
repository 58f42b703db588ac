package comfyserverless.contract.account;

import java.time.Duration;
import java.time.YearMonth;

/// What a tenant used in a month (UTC).
///
/// @param gpu how long runners were at its jobs, in the runs that brought them to their ends
/// @param jobs how many of its jobs ended
public record Usage(YearMonth month, Duration gpu, long jobs) {}
