package io.penstock.payload.s3;

import io.penstock.payload.BlobId;
import io.penstock.payload.PayloadMissing;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// A range of an object, streamed over one connection. One that breaks is replaced where it broke, as
/// long as each brings a byte or more.
final class S3Input extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(S3Input.class);
    private static final int PARTIAL_CONTENT = 206;

    private final Bucket bucket;
    private final BlobId id;
    private long position;
    private long left;
    /// Null where the object ends before `position`, and once closed.
    private @Nullable ResponseInputStream<GetObjectResponse> open;

    private boolean progressed = true;

    /// `length` bytes, at least one, from byte `offset`.
    S3Input(Bucket bucket, BlobId id, long offset, long length) throws IOException {
        this.bucket = bucket;
        this.id = id;
        this.position = offset;
        this.left = length;
        this.open = open();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (open != null && left > 0) {
            try {
                int read = open.read(bytes, offset, (int) Math.min(length, left));
                if (read >= 0) {
                    position += read;
                    left -= read;
                    progressed = true;
                    return read;
                }
                left = 0;
            } catch (IOException | SdkException e) {
                goOn(e);
            }
        }
        return -1;
    }

    /// A connection that has brought everything serves the next call; one with bytes still to come is
    /// given up, since SDK and server would go through them to their end.
    @Override
    public void close() throws IOException {
        ResponseInputStream<GetObjectResponse> in = open;
        open = null;
        if (in != null && left == 0) {
            in.close();
        } else if (in != null) {
            in.abort();
        }
    }

    private void goOn(Exception broken) throws IOException {
        close();
        if (!progressed || Thread.currentThread().isInterrupted()) {
            throw S3Failures.of("cannot read payload " + id + " on from byte " + position, broken);
        }
        progressed = false;
        LOG.atDebug()
                .addKeyValue("payload", id)
                .addKeyValue("position", position)
                .setCause(broken)
                .log("a connection broke; reading on over another");
        open = open();
    }

    private @Nullable ResponseInputStream<GetObjectResponse> open() throws IOException {
        ResponseInputStream<GetObjectResponse> in;
        try {
            in = bucket.client().getObject(bucket.range(id, position, left));
        } catch (NoSuchKeyException _) {
            throw new PayloadMissing(id);
        } catch (S3Exception e) {
            if (e.statusCode() == S3Failures.RANGE_NOT_SATISFIABLE) {
                return null;
            }
            throw S3Failures.of("cannot read payload " + id, e);
        } catch (SdkException | UncheckedIOException e) {
            throw S3Failures.of("cannot read payload " + id, e);
        }
        if (position > 0 && in.response().sdkHttpResponse().statusCode() != PARTIAL_CONTENT) {
            in.abort();
            throw new IOException("the S3 service sent all of payload " + id + " where a range was asked for");
        }
        return in;
    }
}
