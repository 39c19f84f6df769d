package io.penstock.ingest.uploads;

import io.penstock.ingest.Tenants;
import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.http.PathValues;
import io.penstock.ingest.view.Catalogues;
import io.penstock.topics.id.UploadId;
import io.penstock.topics.record.Upload;
import java.time.InstantSource;
import java.util.Locale;

/// Finds the upload that a path names; that of another tenant is not there.
record UploadLookup(Tenants tenants, Catalogues catalogues, InstantSource clock) {
    /// The upload of the path's `id`.
    ///
    /// @throws ApiException 404 if there is none
    Upload of(Exchange exchange, PathValues path) {
        String id = path.get("id");
        Upload upload = UploadId.isValid(id) ? catalogues.upload(new UploadId(id)) : null;
        if (upload == null || !upload.tenant().equals(tenants.of(exchange))) {
            throw new ApiException(ErrorKind.NOT_FOUND, "No such Upload object: " + id, "id");
        }
        return upload;
    }

    /// `upload` as it is known here now.
    Upload again(Upload upload) {
        Upload now = catalogues.upload(upload.id());
        return now == null ? upload : now;
    }

    /// `upload`, if it is still open.
    ///
    /// @throws ApiException 409 if it is completed, cancelled or expired
    Upload pending(Upload upload) {
        Upload.Status status = upload.statusAt(clock.instant());
        if (status != Upload.Status.PENDING) {
            throw ended(upload, status);
        }
        return upload;
    }

    /// What is answered to a call that needs `upload` open.
    ApiException ended(Upload upload, Upload.Status as) {
        return new ApiException(
                ErrorKind.CONFLICT,
                "Upload '" + upload.id() + "' is " + as.name().toLowerCase(Locale.ROOT) + ".");
    }
}
