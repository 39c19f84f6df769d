package io.penstock.ingest.view;

import io.penstock.ingest.claims.Claims;
import io.penstock.topics.id.Band;
import io.penstock.topics.id.FileId;
import io.penstock.topics.record.Batch;
import io.penstock.topics.record.Control;
import io.penstock.topics.record.StoredFile;
import io.penstock.topics.record.Upload;
import io.penstock.topics.record.UploadPart;

/// What handlers write. Each method returns once the log has it for good, and a reader in this process
/// sees it at once.
///
/// Every method throws an `ApiException` of kind `OVERLOADED` if the log cannot be written now.
public interface SubmissionLog extends Claims {
    void put(StoredFile file);

    void delete(FileId file);

    void put(Upload upload);

    void put(UploadPart part);

    void submit(Batch batch);

    /// Puts an exhausted request on the requests topic of `band` again.
    void request(Band band, Redrive again);

    /// Sends the command to every partition.
    void command(Control control);
}
