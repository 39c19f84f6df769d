package io.penstock.topics.record;

import io.penstock.topics.id.PartId;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.StoredFile.Segment;
import java.time.Instant;

/// A part of an upload, whole in the payload store.
public record UploadPart(PartId id, UploadId upload, Instant createdAt, Segment content) {}
