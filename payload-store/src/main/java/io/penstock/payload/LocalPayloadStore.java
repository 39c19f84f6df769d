package io.penstock.payload;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;

/// Blobs as files of a local (or shared) directory: written to `staging`, forced to disk, then renamed into
/// `blobs/<first two digits>/<id>`, so that a blob is either whole or not there.
///
/// A crash can leave staging files; those older than 24 hours are removed when a store is opened.
public final class LocalPayloadStore implements PayloadStore {
    private static final Duration STAGING_KEPT = Duration.ofHours(24);

    private final Path blobs;
    private final Path staging;

    /// Opens, and creates if need be, the store in `directory`.
    public LocalPayloadStore(Path directory, InstantSource clock) throws IOException {
        blobs = Files.createDirectories(directory.resolve("blobs"));
        staging = Files.createDirectories(directory.resolve("staging"));
        removeLeftovers(clock);
    }

    @Override
    public BlobWriter create() throws IOException {
        return new FileWriter(BlobId.random());
    }

    @Override
    public InputStream read(BlobId id, long offset, long length) throws IOException {
        if (length == 0) {
            return new ByteArrayInputStream(new byte[0]);
        }
        FileChannel channel = open(id);
        channel.position(offset);
        return new BoundedInputStream(Channels.newInputStream(channel), length);
    }

    @Override
    public byte[] readRange(BlobId id, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        try (FileChannel channel = open(id)) {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, offset + buffer.position()) < 0) {
                    throw new EOFException("payload " + id + " ends before byte " + (offset + length));
                }
            }
        }
        return buffer.array();
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

    private FileChannel open(BlobId id) throws IOException {
        try {
            return FileChannel.open(path(id), StandardOpenOption.READ);
        } catch (NoSuchFileException _) {
            throw new PayloadMissing(id);
        }
    }

    private Path path(BlobId id) {
        return folder(id).resolve(id.value());
    }

    private Path folder(BlobId id) {
        return blobs.resolve(id.value().substring(0, 2));
    }

    private void removeLeftovers(InstantSource clock) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(staging)) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(clock.instant().minus(STAGING_KEPT))) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private final class FileWriter extends BlobWriter {
        private final BlobId id;
        private final Path file;
        private final FileChannel channel;
        private long size;

        private FileWriter(BlobId id) throws IOException {
            this.id = id;
            this.file = staging.resolve(id.value());
            this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                size += channel.write(buffer);
            }
        }

        @Override
        public long size() {
            return size;
        }

        @Override
        public BlobId commit() throws IOException {
            channel.force(true);
            channel.close();
            Path folder = Files.createDirectories(folder(id));
            Files.move(file, folder.resolve(id.value()), StandardCopyOption.ATOMIC_MOVE);
            forceDirectory(folder);
            return id;
        }

        @Override
        public void close() throws IOException {
            channel.close();
            Files.deleteIfExists(file);
        }
    }

    /// A rename survives a power cut only once its directory is on disk; systems that cannot force one do so themselves.
    private static void forceDirectory(Path directory) {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException _) {
            // Windows refuses to open directories.
        }
    }
}
