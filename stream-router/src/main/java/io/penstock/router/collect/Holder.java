package io.penstock.router.collect;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.penstock.topics.record.Hold;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A record that keeps blobs alive: `segments`; its own record goes after `until`, null for one that goes
/// only when its writer says so. Known by its record's key. Pure.
@JsonInclude(JsonInclude.Include.NON_NULL)
record Holder(List<Segment> segments, @Nullable Instant until) {
    /// How long the end of an upload is remembered, so that a client which did not hear of it can ask
    /// again.
    private static final Duration UPLOAD_REMEMBERED = Duration.ofDays(1);
    /// An upload takes an hour at most, and its completion less than another; what it became then holds
    /// the part's blob itself.
    private static final Duration PART_KEPT = Duration.ofHours(2);

    Holder {
        segments = List.copyOf(segments);
    }

    /// A file holds its content until it expires.
    static Holder of(StoredFile file) {
        return new Holder(file.segments(), file.expiresAt());
    }

    /// An upload holds nothing itself.
    static Holder of(Upload upload) {
        return new Holder(List.of(), upload.expiresAt().plus(UPLOAD_REMEMBERED));
    }

    /// A part of an upload holds its content for as long as the upload can be completed.
    static Holder of(UploadPart part) {
        return new Holder(List.of(part.content()), part.createdAt().plus(PART_KEPT));
    }

    /// A batch's hold ends when the batch lets go.
    static Holder of(Hold hold) {
        return new Holder(hold.segments(), null);
    }

    /// True once its record may go.
    boolean isOver(Instant now) {
        return until != null && !now.isBefore(until);
    }

    /// What `before` holds that `after` does not; each may be null for nothing.
    static List<Segment> released(@Nullable Holder before, @Nullable Holder after) {
        if (before == null) {
            return List.of();
        }
        Set<String> kept = new HashSet<>();
        if (after != null) {
            after.segments().forEach(segment -> kept.add(segment.blob()));
        }
        return before.segments().stream()
                .filter(segment -> !kept.contains(segment.blob()))
                .toList();
    }
}
