package io.penstock.ingest.uploads;

import io.penstock.ingest.files.FileLimits.UploadLimits;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.openai.CompleteUpload;
import io.penstock.topics.id.PartId;
import io.penstock.topics.record.StoredFile.Segment;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What an upload may take, and how its parts become a file. Pure.
///
/// A client that does not get an answer sends a part again, so an upload may have twice the bytes it
/// announced, and no more.
record PartLimits(UploadLimits limits) {
    /// How many bytes the next part may have, beside those there are.
    ///
    /// @throws ApiException 400 if the upload takes no further part
    long room(Upload upload, Collection<UploadPart> parts) {
        if (parts.size() >= limits.partsMax()) {
            throw new ApiException(
                    ErrorKind.BAD_REQUEST,
                    "The upload has " + parts.size() + " parts, it takes no more (setting uploads.parts.max).");
        }
        long stored = parts.stream().mapToLong(part -> part.content().bytes()).sum();
        return Math.min(limits.partBytesMax(), Math.min(upload.bytes(), 2 * upload.bytes() - stored));
    }

    /// What is answered to a part of more than `room` bytes.
    ApiException tooLarge(Upload upload, long room) {
        return new ApiException(
                ErrorKind.TOO_LARGE,
                room == limits.partBytesMax()
                        ? "The part is larger than " + room + " bytes (setting uploads.part.max.bytes)."
                        : "The part is larger than the " + room + " bytes that an upload of " + upload.bytes()
                                + " bytes still takes.",
                "data");
    }

    /// The content of the file that `wanted` make up.
    ///
    /// @throws ApiException 400 if a part is not the upload's, or they have not the bytes it announced
    static List<Segment> assembled(Upload upload, List<PartId> wanted, Function<PartId, @Nullable UploadPart> known) {
        List<Segment> segments = new ArrayList<>();
        long bytes = 0;
        for (PartId id : wanted) {
            UploadPart part = known.apply(id);
            if (part == null || !part.upload().equals(upload.id())) {
                throw CompleteUpload.noSuchPart(id.value());
            }
            segments.add(part.content());
            bytes += part.content().bytes();
        }
        if (bytes != upload.bytes()) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "The parts have " + bytes + " bytes together, but the upload was to have " + upload.bytes() + ".",
                    "part_ids");
        }
        return segments;
    }
}
