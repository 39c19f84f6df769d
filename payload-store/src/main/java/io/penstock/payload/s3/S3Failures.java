package io.penstock.payload.s3;

import io.penstock.payload.PayloadStoreFull;
import io.penstock.payload.PayloadStoreUnavailable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;

/// Calls of the SDK, whose failures become the store's own.
final class S3Failures {
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int RANGE_NOT_SATISFIABLE = 416;
    static final int NOT_IMPLEMENTED = 501;
    private static final int INSUFFICIENT_STORAGE = 507;
    /// What services answer when the disk or the account has no room; AWS's own never says so.
    private static final Set<String> FULL =
            Set.of("QuotaExceeded", "XMinioAdminBucketQuotaExceeded", "XMinioStorageFull");

    private S3Failures() {}

    /// A call, or several.
    @FunctionalInterface
    interface Call<T> {
        T make() throws IOException;
    }

    /// What `call` returns; `what` says in the error what could not be done, and on which blob.
    static <T> T calling(String what, Call<T> call) throws IOException {
        try {
            return call.make();
        } catch (SdkException | UncheckedIOException e) {
            throw of(what, e);
        }
    }

    /// `cause` as the store's error.
    static IOException of(String what, Exception cause) {
        if (cause instanceof AbortedException) {
            Thread.currentThread().interrupt();
            InterruptedIOException interrupted = new InterruptedIOException(what + ": interrupted");
            interrupted.initCause(cause);
            return interrupted;
        }
        return cause instanceof AwsServiceException answer && isFull(answer)
                ? new PayloadStoreFull(what + ": the S3 service is full: " + answer.getMessage(), answer)
                : new PayloadStoreUnavailable(what + ": " + cause.getMessage(), cause);
    }

    /// An answer without a body has no error code.
    private static boolean isFull(AwsServiceException answer) {
        String code = answer.awsErrorDetails() == null
                ? null
                : answer.awsErrorDetails().errorCode();
        return answer.statusCode() == INSUFFICIENT_STORAGE || (code != null && FULL.contains(code));
    }
}
