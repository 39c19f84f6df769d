package io.penstock.payload.s3;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobInfo;
import io.penstock.payload.BlobWriter;
import io.penstock.payload.PayloadMissing;
import io.penstock.payload.PayloadStore;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.stream.Stream;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Blobs as objects of a bucket. An object is visible only when it is whole; a big one is sent in parts,
/// which nobody sees until its commit.
///
/// The service is first called by the first use: a store can be made while its bucket is away.
public final class S3PayloadStore implements PayloadStore {
    private final S3Config config;
    private final Bucket bucket;
    private final PartMemory memory;

    public S3PayloadStore(S3Config config) {
        this.config = config;
        this.bucket = new Bucket(S3Clients.of(config), config.location());
        this.memory = new PartMemory(config.parts(), config.calls().silence());
    }

    @Override
    public BlobWriter create() {
        BlobId id = BlobId.random();
        return new S3BlobWriter(id, new S3Upload(bucket, config.encryption(), id), memory);
    }

    @Override
    public InputStream read(BlobId id, long offset, long length) throws IOException {
        refuseNegative(offset, length);
        if (length == 0) {
            bucket.size(id); // no range is empty; a missing blob must still be told
            return InputStream.nullInputStream();
        }
        return new S3Input(bucket, id, offset, length);
    }

    @Override
    public byte[] readRange(BlobId id, long offset, int length) throws IOException {
        refuseNegative(offset, length);
        byte[] bytes = length == 0 ? new byte[0] : fetch(id, offset, length);
        if (bytes.length != length || (length == 0 && offset > bucket.size(id))) {
            throw new EOFException("payload " + id + " has " + bucket.size(id) + " bytes, but " + length
                    + " were asked for from byte " + offset);
        }
        return bytes;
    }

    @Override
    public long size(BlobId id) throws IOException {
        return bucket.size(id);
    }

    @Override
    public void delete(BlobId id) throws IOException {
        S3Failures.calling(
                "cannot delete payload " + id,
                () -> bucket.client()
                        .deleteObject(request -> request.bucket(bucket.name()).key(bucket.key(id))));
    }

    @Override
    public int removeLeftovers(Instant before) throws IOException {
        return new Leftovers(bucket).remove(before);
    }

    @Override
    public Stream<BlobInfo> list() {
        return Listing.of(bucket);
    }

    @Override
    public void reach() throws IOException {
        bucket.reach();
    }

    @Override
    public void close() {
        bucket.client().close();
    }

    /// Fewer bytes, or none, if the blob is shorter.
    private byte[] fetch(BlobId id, long offset, int length) throws IOException {
        return S3Failures.calling("cannot read payload " + id, () -> {
            try {
                return bucket.client()
                        .getObject(bucket.range(id, offset, length), ResponseTransformer.toBytes())
                        .asByteArrayUnsafe();
            } catch (NoSuchKeyException _) {
                throw new PayloadMissing(id);
            } catch (S3Exception e) {
                if (e.statusCode() == S3Failures.RANGE_NOT_SATISFIABLE) {
                    return new byte[0];
                }
                throw e;
            }
        });
    }

    private static void refuseNegative(long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "offset and length must be at least 0, but were " + offset + " and " + length);
        }
    }
}
