package io.penstock.router.batches.progress;

import io.penstock.topics.record.Batch;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// What everyone sees of a batch's output or error file.
public final class PublishedFile {
    /// The life of output files whose batch names none.
    private static final Duration LIFE = Duration.ofDays(30);

    private PublishedFile() {}

    /// The file of `kind` with the content it has at `now`; its life counts from its newest publication.
    public static StoredFile of(Batch batch, OutputKind kind, List<Segment> segments, Instant now) {
        Long seconds = batch.submission().outputExpiresAfterSeconds();
        Duration life = seconds == null ? LIFE : Duration.ofSeconds(seconds);
        return new StoredFile(
                kind.fileOf(batch.id()),
                batch.submission().tenant(),
                kind.filenameOf(batch.id()),
                "batch_output",
                now,
                now.plus(life),
                segments,
                null);
    }
}
