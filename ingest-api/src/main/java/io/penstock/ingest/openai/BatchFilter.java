package io.penstock.ingest.openai;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.BatchStatus;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which batches a list shows: those in `status` (null: any), with each of these `metadata` pairs, dry runs or
/// batches that run.
public record BatchFilter(@Nullable BatchStatus status, Map<String, String> metadata, boolean dryRun) {
    private static final String METADATA = "metadata[";
    private static final int PAIRS_MAX = 16;

    public BatchFilter {
        metadata = Map.copyOf(metadata);
    }

    /// What the query of `exchange` asks for: `status=in_progress`, `metadata[key]=value` up to 16 times,
    /// `dry_run=true`.
    ///
    /// @throws ApiException 400 naming the parameter at fault
    public static BatchFilter of(Exchange exchange) {
        Map<String, String> metadata = new HashMap<>();
        for (String name : exchange.queryNames()) {
            String value = exchange.query(name);
            if (name.startsWith(METADATA) && name.endsWith("]") && value != null) {
                metadata.put(name.substring(METADATA.length(), name.length() - 1), value);
            }
        }
        if (metadata.size() > PAIRS_MAX) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid 'metadata': at most " + PAIRS_MAX + " pairs can be asked for, but got " + metadata.size()
                            + ".",
                    "metadata");
        }
        return new BatchFilter(status(exchange.query("status")), metadata, dryRun(exchange.query("dry_run")));
    }

    /// True if the list shows `batch`.
    public boolean shows(Batch batch) {
        Map<String, String> own = batch.submission().metadata();
        return batch.submission().options().dryRun() == dryRun
                && (status == null || status == batch.status())
                && (metadata.isEmpty() || (own != null && own.entrySet().containsAll(metadata.entrySet())));
    }

    private static @Nullable BatchStatus status(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(BatchStatus.values())
                .filter(status -> status.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> new ApiException(
                        ErrorKind.INVALID_VALUE,
                        "Invalid value: '" + name + "'. Supported values are: '"
                                + Arrays.stream(BatchStatus.values())
                                        .map(BatchStatus::wireName)
                                        .collect(Collectors.joining("', '"))
                                + "'.",
                        "status"));
    }

    private static boolean dryRun(@Nullable String value) {
        if (value != null && !value.equals("true") && !value.equals("false")) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid value: '" + value + "'. Supported values are: 'true' and 'false'.",
                    "dry_run");
        }
        return "true".equals(value);
    }
}
