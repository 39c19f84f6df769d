package io.penstock.payload.s3;

import io.penstock.payload.BlobId;
import io.penstock.payload.BlobInfo;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Object;

/// The blobs among the objects under the prefix. Pages of a thousand are fetched as they are needed.
final class Listing implements Iterator<BlobInfo> {
    private final Bucket bucket;
    private @Nullable Iterator<S3Object> objects;
    private @Nullable BlobInfo next;

    private Listing(Bucket bucket) {
        this.bucket = bucket;
    }

    static Stream<BlobInfo> of(Bucket bucket) {
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(new Listing(bucket), Spliterator.DISTINCT | Spliterator.NONNULL),
                false);
    }

    @Override
    public boolean hasNext() {
        try {
            Iterator<S3Object> from = objects();
            while (next == null && from.hasNext()) {
                next = blob(from.next());
            }
            return next != null;
        } catch (SdkException e) {
            throw new UncheckedIOException(S3Failures.of("cannot list the bucket " + bucket.name(), e));
        }
    }

    @Override
    public BlobInfo next() {
        BlobInfo found = hasNext() ? next : null;
        if (found == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return found;
    }

    private Iterator<S3Object> objects() {
        if (objects == null) {
            objects = bucket.client()
                    .listObjectsV2Paginator(request -> request.bucket(bucket.name())
                            .prefix(bucket.location().prefix()))
                    .contents()
                    .iterator();
        }
        return objects;
    }

    private @Nullable BlobInfo blob(S3Object object) {
        String name = object.key().substring(bucket.location().prefix().length());
        return BlobId.isValid(name) ? new BlobInfo(new BlobId(name), object.size(), object.lastModified()) : null;
    }
}
