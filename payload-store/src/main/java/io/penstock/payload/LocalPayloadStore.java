package io.penstock.payload;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/// Blobs as files of a local (or shared) directory: written to `staging`, forced to disk, then renamed
/// into `blobs/<digits 1-2>/<id>`, so that a blob is either whole or not there.
///
/// A crash can leave staging files; those older than 24 hours are removed when a store is opened, and
/// by whoever calls `removeLeftovers`.
public final class LocalPayloadStore implements PayloadStore {
    private static final Duration STAGING_KEPT = Duration.ofHours(24);

    private final Path blobs;
    private final Path staging;

    /// Opens, and creates if need be, the store in `directory`. A disk that is full does not keep it from being
    /// opened: what is there can be read.
    ///
    /// @throws PayloadStoreUnavailable naming the folder that cannot be made or written to, and why
    public LocalPayloadStore(Path directory, InstantSource clock) throws IOException {
        try {
            blobs = Files.createDirectories(directory.resolve("blobs"));
            staging = Files.createDirectories(directory.resolve("staging"));
            removeLeftovers(clock.instant().minus(STAGING_KEPT));
            probe();
        } catch (IOException e) {
            throw LocalFailures.of("cannot open the payload store in " + directory.toAbsolutePath(), e);
        }
    }

    /// Fails unless a file can be put into the store, or the disk is merely full.
    private void probe() throws IOException {
        try {
            Files.delete(Files.createTempFile(staging, "probe", null));
        } catch (IOException e) {
            if (!(LocalFailures.of("cannot write", e) instanceof PayloadStoreFull)) {
                throw e;
            }
        }
    }

    @Override
    public BlobWriter create() throws IOException {
        BlobId id = BlobId.random();
        return new StagedBlob(id, staging, path(id));
    }

    @Override
    public InputStream read(BlobId id, long offset, long length) throws IOException {
        refuseNegative(offset, length);
        FileChannel channel = open(id);
        channel.position(offset);
        return new BoundedInputStream(Channels.newInputStream(channel), length);
    }

    // Opened anew for each range: it costs microseconds, while a channel shared between threads would
    // be closed for all of them by the interrupt of one (FileChannel is interruptible).
    @Override
    public byte[] readRange(BlobId id, long offset, int length) throws IOException {
        refuseNegative(offset, length);
        try (FileChannel channel = open(id)) {
            long size = channel.size();
            if (length > size - offset) {
                throw new EOFException("payload " + id + " has " + size + " bytes, but " + length
                        + " were asked for from byte " + offset);
            }
            ByteBuffer buffer = ByteBuffer.allocate(length);
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new EOFException("payload " + id + " ended while it was read");
                }
            }
            return buffer.array();
        }
    }

    @Override
    public long size(BlobId id) throws IOException {
        try {
            return Files.size(path(id));
        } catch (NoSuchFileException _) {
            throw new PayloadMissing(id);
        }
    }

    @Override
    public void delete(BlobId id) throws IOException {
        Files.deleteIfExists(path(id));
    }

    @Override
    public int removeLeftovers(Instant before) throws IOException {
        int removed = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(staging)) {
            for (Path file : files) {
                try {
                    if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                        removed += Files.deleteIfExists(file) ? 1 : 0;
                    }
                } catch (NoSuchFileException _) {
                    // Another process on the directory has just committed or removed it.
                }
            }
        }
        return removed;
    }

    @Override
    public Stream<BlobInfo> list() throws IOException {
        return entries(blobs).stream()
                .flatMap(folder -> filesOf(folder).stream())
                .flatMap(LocalPayloadStore::info);
    }

    /// One folder's files are in memory at a time, a 256th of the store.
    private static List<Path> filesOf(Path folder) {
        try {
            return entries(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList();
        }
    }

    private static Stream<BlobInfo> info(Path file) {
        if (!BlobId.isValid(file.getFileName().toString())) {
            return Stream.empty();
        }
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            BlobId id = new BlobId(file.getFileName().toString());
            return Stream.of(new BlobInfo(
                    id, attributes.size(), attributes.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException _) {
            return Stream.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FileChannel open(BlobId id) throws IOException {
        try {
            return FileChannel.open(path(id), StandardOpenOption.READ);
        } catch (NoSuchFileException _) {
            throw new PayloadMissing(id);
        } catch (IOException e) {
            throw LocalFailures.of("cannot open payload " + id, e);
        }
    }

    private Path path(BlobId id) {
        return blobs.resolve(id.value().substring(0, 2)).resolve(id.value());
    }

    private static void refuseNegative(long offset, long length) {
        if (offset < 0 || length < 0) {
            throw new IllegalArgumentException(
                    "offset and length must be at least 0, but were " + offset + " and " + length);
        }
    }
}
