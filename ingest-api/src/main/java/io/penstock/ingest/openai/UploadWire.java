package io.penstock.ingest.openai;

import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Uploads and their parts as OpenAI's API shows them.
public final class UploadWire {
    private UploadWire() {}

    /// An Upload object as it stands at `now`; `file` is what it became, null before that and once the file
    /// is gone.
    public static ObjectNode upload(Upload upload, @Nullable StoredFile file, Instant now) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("id", upload.id().value())
                .put("object", "upload")
                .put("bytes", upload.bytes())
                .put("created_at", upload.createdAt().getEpochSecond())
                .put("expires_at", upload.expiresAt().getEpochSecond())
                .put("filename", upload.filename())
                .put("purpose", upload.purpose())
                .put("status", upload.statusAt(now).name().toLowerCase(Locale.ROOT));
        json.set("file", file == null ? null : Wire.file(file));
        return json;
    }

    /// An UploadPart object.
    public static ObjectNode part(UploadPart part) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("id", part.id().value())
                .put("object", "upload.part")
                .put("created_at", part.createdAt().getEpochSecond())
                .put("upload_id", part.upload().value());
    }
}
